// An allocator that puts one thing into memory of somebody else, who knows when it is gone.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace owp::app {

template <class T>
class LentMemory {
public:
    using value_type = T;

    explicit LentMemory(std::span<std::byte> memory) : memory_{memory} {}
    template <class U>
    LentMemory(const LentMemory<U>& other) : memory_{other.memory()} {}

    /// What does not fit goes to the heap.
    [[nodiscard]] T* allocate(std::size_t count) {
        if (count * sizeof(T) <= memory_.size() && alignof(T) <= alignof(std::max_align_t))
            return static_cast<T*>(static_cast<void*>(memory_.data()));
        return std::allocator<T>{}.allocate(count);
    }
    void deallocate(T* place, std::size_t count) {
        if (static_cast<void*>(place) != memory_.data())
            std::allocator<T>{}.deallocate(place, count);
    }
    [[nodiscard]] std::span<std::byte> memory() const { return memory_; }

    template <class U>
    bool operator==(const LentMemory<U>& other) const {
        return memory_.data() == other.memory().data();
    }

private:
    std::span<std::byte> memory_;
};

} // namespace owp::app
