// What plain HTTP requests get: health, readiness, metrics, the watch page and its media.
#pragma once

#include "app/media_library.hpp"
#include "net/http.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace owp::app {

/// Used by all threads at once. The functions are set before the first request and stay.
class Routes {
public:
    bool auth_enabled = false;
    std::function<bool(std::string_view origin)> origin_allowed;
    std::function<std::string()> metrics;
    /// Where the watch page lies; none: it is not served, nor are media.
    std::optional<std::filesystem::path> web_root;

    [[nodiscard]] net::Response operator()(const net::Request& request) const;

    void set_ready(bool ready) { ready_ = ready; }
    void set_media(MediaLibrary library);

private:
    [[nodiscard]] net::Response route(const net::Request& request) const;
    [[nodiscard]] net::Response health(const net::Request& request) const;
    [[nodiscard]] net::Response page(std::string_view path) const;

    std::atomic<bool> ready_ = false;
    mutable std::mutex media_mutex_; // held to copy a pointer
    std::shared_ptr<const MediaLibrary> media_ = std::make_shared<MediaLibrary>();
};

} // namespace owp::app
