// Who gets a message: a list that is made once and then shared, since most messages of a room go to
// the same members.
#pragma once

#include "protocol/types.hpp"

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace owp::core {

class Audience {
public:
    using value_type = ClientId;
    using const_iterator = std::vector<ClientId>::const_iterator;

    Audience(std::vector<ClientId> clients)
        : clients_{std::make_shared<const std::vector<ClientId>>(std::move(clients))} {}
    Audience(std::initializer_list<ClientId> clients) : Audience{std::vector<ClientId>{clients}} {}

    [[nodiscard]] const_iterator begin() const { return clients_->begin(); }
    [[nodiscard]] const_iterator end() const { return clients_->end(); }
    [[nodiscard]] std::size_t size() const { return clients_->size(); }
    [[nodiscard]] bool empty() const { return clients_->empty(); }
    [[nodiscard]] const ClientId& operator[](std::size_t i) const { return (*clients_)[i]; }

    /// The same list, not merely an equal one: what was worked out for one holds for the other.
    [[nodiscard]] bool is(const Audience& other) const { return clients_ == other.clients_; }
    friend bool operator==(const Audience& one, const Audience& other) {
        return *one.clients_ == *other.clients_;
    }

private:
    std::shared_ptr<const std::vector<ClientId>> clients_;
};

} // namespace owp::core
