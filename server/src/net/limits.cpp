#include "net/limits.hpp"

namespace owp::net {
namespace {

/// Adds one if there is room below `max`.
bool take(std::atomic<std::uint64_t>& count, std::uint64_t max) {
    if (count.fetch_add(1) < max)
        return true;
    count.fetch_sub(1);
    return false;
}

} // namespace

/// `change` returns whether it was allowed; an address without connections leaves the map.
template <class Change>
bool Limits::change(const AddressKey& key, Change change) {
    std::size_t mixed = 0;
    for (const std::uint8_t byte : key)
        mixed = mixed * 31 + byte;
    Shard& shard = shards_[mixed % shards_.size()];
    const std::lock_guard lock{shard.mutex};
    const auto entry = shard.counts.try_emplace(key).first;
    const bool allowed = change(entry->second);
    if (entry->second.connections == 0 && entry->second.websockets == 0)
        shard.counts.erase(entry);
    return allowed;
}

Limits::Verdict Limits::open(const std::optional<AddressKey>& key) {
    const std::uint64_t max =
        std::uint64_t{options_.max_connections} + options_.max_http_connections;
    if (!take(counters_.open_connections, max))
        return Verdict::full;
    const std::uint64_t address_max = std::uint64_t{options_.max_connections_per_address} +
                                      options_.max_http_connections_per_address;
    if (key && !change(*key, [&](Count& count) {
            return count.connections < address_max && ++count.connections != 0;
        })) {
        counters_.open_connections.fetch_sub(1);
        return Verdict::address_full;
    }
    return Verdict::admitted;
}

void Limits::closed(const std::optional<AddressKey>& key) {
    counters_.open_connections.fetch_sub(1);
    if (key)
        change(*key, [](Count& count) { return count.connections-- != 0; });
}

Limits::Verdict Limits::upgrade(const AddressKey& key) {
    if (!take(counters_.open_websockets, options_.max_connections))
        return Verdict::full;
    if (!change(key, [&](Count& count) {
            return count.websockets < options_.max_connections_per_address &&
                   ++count.websockets != 0;
        })) {
        counters_.open_websockets.fetch_sub(1);
        return Verdict::address_full;
    }
    return Verdict::admitted;
}

void Limits::websocket_closed(const AddressKey& key) {
    counters_.open_websockets.fetch_sub(1);
    change(key, [](Count& count) { return count.websockets-- != 0; });
}

Admission::~Admission() {
    if (websocket_)
        limits_.websocket_closed(*websocket_);
    if (open_)
        limits_.closed(peer_);
}

Limits::Verdict Admission::open(const std::optional<AddressKey>& peer) {
    const auto verdict = limits_.open(peer);
    open_ = verdict == Limits::Verdict::admitted;
    peer_ = peer;
    return verdict;
}

Limits::Verdict Admission::upgrade(const AddressKey& client) {
    const auto verdict = limits_.upgrade(client);
    if (verdict == Limits::Verdict::admitted)
        websocket_ = client;
    return verdict;
}

} // namespace owp::net
