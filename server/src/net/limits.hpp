// The caps on connections, shared by all threads: two atomic totals, and two numbers per address
// in a map that is locked only when a connection comes, is upgraded, or goes.
#pragma once

#include "net/address.hpp"
#include "net/options.hpp"
#include "net/server.hpp"

#include <array>
#include <map>
#include <mutex>
#include <optional>

namespace owp::net {

class Limits {
public:
    Limits(const ListenOptions& options, Counters& counters)
        : options_{options}, counters_{counters} {}

    enum class Verdict { admitted, full, address_full };
    /// `key` none: the peer is a trusted proxy, who counts for nobody.
    Verdict open(const std::optional<AddressKey>& key);
    void closed(const std::optional<AddressKey>& key);
    Verdict upgrade(const AddressKey& key);
    void websocket_closed(const AddressKey& key);

private:
    struct Count {
        std::uint32_t connections = 0;
        std::uint32_t websockets = 0;
    };
    struct Shard {
        std::mutex mutex;
        std::map<AddressKey, Count> counts;
    };
    template <class Change>
    bool change(const AddressKey& key, Change change);

    const ListenOptions& options_;
    Counters& counters_;
    std::array<Shard, 16> shards_;
};

/// One connection's place in the caps; given back when it goes.
class Admission {
public:
    explicit Admission(Limits& limits) : limits_{limits} {}
    ~Admission();
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;

    Limits::Verdict open(const std::optional<AddressKey>& peer);
    Limits::Verdict upgrade(const AddressKey& client);

private:
    Limits& limits_;
    bool open_ = false;
    std::optional<AddressKey> peer_;
    std::optional<AddressKey> websocket_;
};

} // namespace owp::net
