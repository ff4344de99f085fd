#include "app/files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace owp::app {

FileText read_file(const std::string& path, std::size_t bytes_max) {
    FileText file;
    const auto failed = [&] {
        return FileText{
            {}, fmt::format("cannot read {} ({})", path, std::generic_category().message(errno))};
    };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream{std::fopen(path.c_str(), "rbe"),
                                                                 &std::fclose};
    if (!stream)
        return failed();
    file.text.resize(bytes_max + 1);
    file.text.resize(std::fread(file.text.data(), 1, file.text.size(), stream.get()));
    if (std::ferror(stream.get()) != 0) // a folder, for one
        return failed();
    if (file.text.size() > bytes_max)
        return {{}, fmt::format("{} is larger than {} KiB", path, bytes_max / 1024)};
    return file;
}

} // namespace owp::app
