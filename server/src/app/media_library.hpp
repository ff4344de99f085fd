// The folder of videos that the watch page offers. It is scanned once (and again on SIGHUP), so
// that a listing costs no disk, and an id never names a file outside it.
//
// A video is a file with a known extension, or an HLS playlist. A playlist that belongs to a video
// (film.mp4 with film.m3u8 beside it, or inside a folder film/) becomes its hls_url. Subtitles
// stand beside the video under its name: film.vtt, film.en.vtt, film.fr.srt.
#pragma once

#include "net/http.hpp"
#include "protocol/types.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace owp::app {

inline constexpr std::size_t media_files_max = 20'000; // looked at; what is beyond stays unseen
inline constexpr int media_depth_max = 16;             // folders within folders

struct Subtitles {
    std::string label;
    std::string language; // as in the file's name; may be empty
    std::string url;
};
struct MediaItem {
    MediaId id; // the first half of the SHA-256 of the path below the folder: stable
    std::string title;
    std::string url;
    std::string hls_url; // may be empty
    std::vector<Subtitles> subtitles;
};

/// Sorted by title. Empty if the folder holds nothing of use; `error` is a sentence if it cannot be
/// read.
struct MediaLibrary {
    std::filesystem::path root;
    std::vector<MediaItem> items;
    bool cut_off = false; // there were more than media_files_max files
    std::string error;
};
[[nodiscard]] MediaLibrary scan_media(const std::filesystem::path& root);

/// /media/index.json
[[nodiscard]] std::string media_index(const MediaLibrary& library);

/// Answers below /media/: the index, files (ranges by net/), SubRip subtitles as WebVTT.
[[nodiscard]] net::Response serve_media(const MediaLibrary& library, std::string_view path);

/// SubRip as WebVTT: the header, and points for the commas of the times.
[[nodiscard]] std::string vtt_from_srt(std::string_view srt);

} // namespace owp::app
