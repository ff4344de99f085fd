// Requests for media, and subtitles of any bytes. Whatever the path, what is served lies in the
// folder and is media; whatever the Range header, what is sent lies in the file.
#include "app/media_library.hpp"
#include "net/response_plan.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

using namespace owp;
namespace fs = std::filesystem;

void require(bool held, const char* what) {
    if (held)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// A folder with a film and a secret beside it, gone when the run ends.
class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "owp-fuzz-XXXXXX").string();
        path = fs::canonical(::mkdtemp(pattern.data()));
        fs::create_directories(path / "media/sub");
        for (const char* name : {"secret.mp4", "media/a.mp4", "media/a.srt", "media/sub/b.ts",
                                 "media/.hidden.mp4", "media/page.html"})
            std::ofstream{path / name} << std::string(film_bytes, 'x');
        fs::create_symlink(path / "secret.mp4", path / "media/link.mp4");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    static constexpr std::size_t film_bytes = 1000;
    fs::path path;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    static const app::MediaLibrary library = app::scan_media(folder.path / "media");
    // A path, and after a line break the value of Range.
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string path = "/media/files/" + std::string{bytes.substr(0, end)};
    const std::string range{bytes.substr(std::min(end + 1, bytes.size()))};

    require(app::vtt_from_srt(bytes).size() <= size + 9, "subtitles do not grow");
    const net::Response answer = app::serve_media(library, path);
    const auto* file = std::get_if<net::FileBody>(&answer.body);
    if (file == nullptr)
        return 0;
    const std::string name = file->path.lexically_relative(library.root).generic_string();
    require(name == "a.mp4" || name == "sub/b.ts", "only media is served");
    net::Request request;
    request.path = path;
    request.headers.emplace_back("Range", range);
    const net::ResponsePlan plan = net::plan_response(request, answer, true, 0);
    if (plan.slice)
        require(plan.slice->offset + plan.slice->bytes <= Folder::film_bytes,
                "what is sent lies in the file");
    return 0;
}
