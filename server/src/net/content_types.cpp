#include "net/ascii.hpp"
#include "net/http.hpp"

#include <array>

namespace owp::net {

std::string_view content_type_of(std::string_view file_name) {
    struct Type {
        std::string_view extension;
        std::string_view content_type;
    };
    static constexpr std::array types = std::to_array<Type>({
        {"html", "text/html; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"json", "application/json"},
        {"map", "application/json"},
        {"txt", "text/plain; charset=utf-8"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"webp", "image/webp"},
        {"ico", "image/x-icon"},
        {"woff2", "font/woff2"},
        {"mp4", "video/mp4"},
        {"m4v", "video/mp4"},
        {"m4s", "video/iso.segment"},
        {"mov", "video/quicktime"},
        {"webm", "video/webm"},
        {"mkv", "video/x-matroska"},
        {"ts", "video/mp2t"},
        {"m3u8", "application/vnd.apple.mpegurl"},
        {"mp3", "audio/mpeg"},
        {"m4a", "audio/mp4"},
        {"aac", "audio/aac"},
        {"ogg", "audio/ogg"},
        {"opus", "audio/ogg"},
        {"flac", "audio/flac"},
        {"wav", "audio/wav"},
        {"vtt", "text/vtt; charset=utf-8"},
        {"srt", "application/x-subrip; charset=utf-8"},
        {"wasm", "application/wasm"},
    });
    const auto name = file_name.substr(file_name.rfind('/') + 1);
    const auto dot = name.rfind('.');
    if (dot != std::string_view::npos)
        for (const Type& type : types)
            if (same_ignoring_case(name.substr(dot + 1), type.extension))
                return type.content_type;
    return "application/octet-stream";
}

} // namespace owp::net
