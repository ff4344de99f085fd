// The few shapes that answers to plain requests have.
#pragma once

#include "net/http.hpp"

#include <string>

namespace owp::app {

[[nodiscard]] inline net::Response text_response(int status, std::string text) {
    return {.status = status,
            .content_type = "text/plain; charset=utf-8",
            .headers = {{"Cache-Control", "no-store"}},
            .body = std::move(text)};
}
[[nodiscard]] inline net::Response not_found() {
    return text_response(404, "Not found\n");
}
[[nodiscard]] inline net::Response json_response(std::string json) {
    return {.status = 200,
            .content_type = "application/json",
            .headers = {{"Cache-Control", "no-store"}},
            .body = std::move(json)};
}

} // namespace owp::app
