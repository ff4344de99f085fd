#include "tests/allocations/counting.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace owp::test {
namespace {

std::atomic<std::uint64_t> count{0};
thread_local bool uncounted = false;

void* counted(void* memory) {
    if (memory == nullptr)
        throw std::bad_alloc{};
    if (!uncounted)
        count.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

} // namespace

void leave_this_thread_out() {
    uncounted = true;
}

std::uint64_t allocations() {
    return count.load();
}

} // namespace owp::test

// Every allocation of C++ ends in one of these.
void* operator new(std::size_t size) {
    return owp::test::counted(std::malloc(size != 0 ? size : 1));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto align = static_cast<std::size_t>(alignment);
    return owp::test::counted(::aligned_alloc(align, (size + align - 1) / align * align));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

// But for Asio's, which the linker is told to send here (CMakeLists.txt).
extern "C" void* __real_aligned_alloc(std::size_t alignment, std::size_t size);
extern "C" void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
    return owp::test::counted(__real_aligned_alloc(alignment, size));
}
