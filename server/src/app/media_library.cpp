#include "app/media_library.hpp"

#include "app/responses.hpp"
#include "protocol/codec.hpp"

#include <boost/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

namespace owp::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::array<std::string_view, 8> video_extensions{".mp4", ".m4v", ".webm", ".mkv",
                                                           ".mov", ".ogv", ".mpg",  ".mpeg"};
/// What else may be fetched: parts of HLS streams and subtitles. Nothing that a browser would run,
/// and nothing that only happens to lie in the folder.
constexpr std::array<std::string_view, 12> part_extensions{".m3u8", ".ts",   ".m4s", ".m4a",
                                                           ".aac",  ".ac3",  ".ec3", ".mp3",
                                                           ".cmfv", ".cmfa", ".vtt", ".srt"};
constexpr std::size_t title_code_points_max = 200;
constexpr std::uintmax_t subtitle_bytes_max =
    std::uintmax_t{4} * 1024 * 1024; // a long film's are some 200 KiB

std::string lower_extension(const fs::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return extension;
}

std::string percent_encode(std::string_view path) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string url;
    for (const char c : path) {
        if (plain.find(c) != plain.npos) {
            url += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            url += {'%', hex[byte >> 4], hex[byte & 15]};
        }
    }
    return url;
}

std::string file_url(const std::string& relative) {
    return "/media/files/" + percent_encode(relative);
}

MediaId id_of(const std::string& relative) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_Digest(relative.data(), relative.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    MediaId id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

std::string title_of(const fs::path& path) {
    std::string title = path.stem().string();
    std::ranges::replace(title, '_', ' ');
    return clean_text(title, title_code_points_max);
}

/// Relative paths, by what they are.
struct Found {
    std::vector<std::string> videos;
    std::set<std::string> playlists;
    std::vector<std::string> subtitles;
};

bool hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

std::string scan(const fs::path& root, Found& found, bool& cut_off) {
    std::error_code error;
    // The folder itself must be readable; those within it that are not stay unseen.
    if (const fs::directory_iterator readable{root, error}; error)
        return error.message();
    // Links to folders are not followed: they may lead out, or in circles.
    fs::recursive_directory_iterator entry{root, fs::directory_options::skip_permission_denied,
                                           error};
    if (error)
        return error.message();
    std::size_t count = 0;
    for (; entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
        if (error)
            break;
        if (++count > media_files_max) {
            cut_off = true;
            break;
        }
        const fs::path& path = entry->path();
        if (hidden(path) || entry.depth() >= media_depth_max) {
            entry.disable_recursion_pending();
            continue;
        }
        if (std::error_code ignored; !entry->is_regular_file(ignored))
            continue;
        const std::string relative = path.lexically_relative(root).generic_string();
        const std::string extension = lower_extension(path);
        if (std::ranges::find(video_extensions, extension) != video_extensions.end())
            found.videos.push_back(relative);
        else if (extension == ".m3u8")
            found.playlists.insert(relative);
        else if (extension == ".vtt" || extension == ".srt")
            found.subtitles.push_back(relative);
    }
    return {};
}

std::string without_extension(const std::string& relative) {
    return fs::path{relative}.replace_extension().generic_string();
}

/// The playlist that belongs to the video, and out of the set all that do.
std::string take_playlist(const std::string& stem, std::set<std::string>& playlists) {
    std::string taken;
    if (const auto beside = playlists.find(stem + ".m3u8"); beside != playlists.end()) {
        taken = *beside;
        playlists.erase(beside);
    }
    // Those in a folder of the video's name: a master first, by the usual names.
    for (auto inside = playlists.lower_bound(stem + "/");
         inside != playlists.end() && inside->starts_with(stem + "/");) {
        const std::string name = fs::path{*inside}.stem().string();
        if (taken.empty() ||
            (!taken.starts_with(stem + ".") && (name == "master" || name == "index")))
            taken = *inside;
        inside = playlists.erase(inside);
    }
    return taken;
}

/// A playlist below a folder that has one itself is a variant of it.
bool is_variant(const std::string& playlist, const std::set<std::string>& playlists) {
    for (fs::path folder = fs::path{playlist}.parent_path(); !folder.empty();) {
        folder = folder.parent_path();
        if (std::ranges::any_of(playlists,
                                [&](const std::string& other) {
                                    return fs::path{other}.parent_path() == folder;
                                }) &&
            !folder.empty())
            return true;
    }
    return false;
}

std::vector<Subtitles> subtitles_of(const std::string& stem, const std::vector<std::string>& all) {
    std::vector<Subtitles> result;
    for (const std::string& path : all) {
        if (!path.starts_with(stem + "."))
            continue;
        // "film.en.vtt": what stands between the name and the extension.
        std::string tag = without_extension(path);
        tag = tag.size() > stem.size() ? tag.substr(stem.size() + 1) : "";
        if (tag.find('/') != tag.npos)
            continue;
        tag = clean_text(tag, title_code_points_max);
        result.push_back({.label = tag.empty() ? "Subtitles" : tag,
                          .language = tag.substr(0, tag.find('.')),
                          .url = file_url(path)});
    }
    return result;
}

bool may_be_fetched(const fs::path& file, const fs::path& root) {
    const std::string extension = lower_extension(file);
    const auto is = [&](std::string_view known) { return known == extension; };
    return (std::ranges::any_of(video_extensions, is) ||
            std::ranges::any_of(part_extensions, is)) &&
           std::ranges::none_of(file.lexically_relative(root), hidden);
}

net::Response subtitles_response(const fs::path& path) {
    std::error_code error;
    if (fs::file_size(path, error) > subtitle_bytes_max || error)
        return not_found();
    std::ifstream file{path, std::ios::binary};
    if (!file) // it was there: too many files are open, for one
        return {.status = 503,
                .content_type = {},
                .headers = {{"Retry-After", "1"}},
                .body = "The subtitles cannot be read now. Please try again.\n"};
    const std::string srt{std::istreambuf_iterator<char>{file}, {}};
    return {.status = 200,
            .content_type = "text/vtt; charset=utf-8",
            .headers = {},
            .body = vtt_from_srt(srt)};
}

} // namespace

MediaLibrary scan_media(const fs::path& root) {
    MediaLibrary library;
    std::error_code error;
    library.root = fs::canonical(root, error);
    if (!error && !fs::is_directory(library.root, error))
        error = std::make_error_code(std::errc::not_a_directory);
    if (error) {
        library.error = error.message();
        return library;
    }
    Found found;
    library.error = scan(library.root, found, library.cut_off);
    std::ranges::sort(found.videos);
    std::ranges::sort(found.subtitles);
    const auto add = [&](const std::string& path, const std::string& hls) {
        library.items.push_back(
            {.id = id_of(path),
             .title = title_of(path),
             .url = file_url(path),
             .hls_url = hls.empty() ? "" : file_url(hls),
             .subtitles = subtitles_of(without_extension(path), found.subtitles)});
    };
    for (const std::string& video : found.videos)
        add(video, take_playlist(without_extension(video), found.playlists));
    for (const std::string& playlist : found.playlists)
        if (!is_variant(playlist, found.playlists))
            add(playlist, playlist);
    std::ranges::stable_sort(library.items, {}, &MediaItem::title);
    return library;
}

std::string media_index(const MediaLibrary& library) {
    json::array list;
    for (const MediaItem& item : library.items) {
        json::array subtitles;
        for (const Subtitles& track : item.subtitles)
            subtitles.push_back(
                {{"label", track.label}, {"lang", track.language}, {"url", track.url}});
        json::object entry{{"id", to_hex_string(item.id.bytes)},
                           {"title", item.title},
                           {"url", item.url},
                           {"subtitles", std::move(subtitles)}};
        if (!item.hls_url.empty())
            entry["hls_url"] = item.hls_url;
        list.push_back(std::move(entry));
    }
    return json::serialize(list);
}

net::Response serve_media(const MediaLibrary& library, std::string_view path) {
    constexpr std::string_view files = "/media/files/";
    if (path == "/media/index.json")
        return json_response(media_index(library));
    if (!path.starts_with(files) || library.root.empty())
        return not_found();
    const std::optional<fs::path> file =
        net::resolve_under(library.root, path.substr(files.size() - 1));
    if (!file || !may_be_fetched(*file, library.root))
        return not_found();
    if (lower_extension(*file) == ".srt")
        return subtitles_response(*file);
    return {.status = 200, .content_type = {}, .headers = {}, .body = net::FileBody{*file}};
}

std::string vtt_from_srt(std::string_view srt) {
    std::string vtt = "WEBVTT\n\n";
    if (srt.starts_with("\xef\xbb\xbf")) // a byte order mark
        srt.remove_prefix(3);
    while (!srt.empty()) {
        const std::size_t end = std::min(srt.find('\n'), srt.size());
        std::string line{srt.substr(0, end)};
        srt.remove_prefix(std::min(end + 1, srt.size()));
        if (line.ends_with('\r'))
            line.pop_back();
        if (line.find("-->") != line.npos)
            std::ranges::replace(line, ',', '.');
        vtt += line + '\n';
    }
    return vtt;
}

} // namespace owp::app
