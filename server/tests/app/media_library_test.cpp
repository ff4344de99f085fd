#include "app/media_library.hpp"

#include "tests/net/support.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <unistd.h>

namespace owp::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MediaLibraryTest : public testing::Test {
protected:
    void write(const std::string& name, std::string_view text = "x") { folder.write(name, text); }
    [[nodiscard]] std::vector<std::string> urls() const {
        std::vector<std::string> all;
        for (const MediaItem& item : scan_media(folder.path).items)
            all.push_back(item.url);
        return all;
    }
    [[nodiscard]] MediaItem only() const {
        const std::vector<MediaItem> items = scan_media(folder.path).items;
        EXPECT_EQ(items.size(), 1U);
        return items.empty() ? MediaItem{} : items.front();
    }
    [[nodiscard]] int status(std::string_view path) const {
        return serve_media(scan_media(folder.path), path).status;
    }
    net::test::TemporaryFolder folder;
};

TEST_F(MediaLibraryTest, ListsVideosByTitle) {
    write("b_film.mp4");
    write("series/A first.MKV");
    write("notes.txt");
    const MediaLibrary library = scan_media(folder.path);
    EXPECT_EQ(library.error, "");
    EXPECT_FALSE(library.cut_off);
    ASSERT_EQ(library.items.size(), 2U);
    EXPECT_EQ(library.items[0].title, "A first");
    EXPECT_EQ(library.items[0].url, "/media/files/series/A%20first.MKV");
    EXPECT_EQ(library.items[1].title, "b film");
    EXPECT_EQ(library.items[1].hls_url, "");
}

TEST_F(MediaLibraryTest, GivesAFileTheSameIdEachTimeAndOthersAnother) {
    write("a.mp4");
    write("b.mp4");
    const auto first = scan_media(folder.path).items;
    write("a.mp4", "changed");
    const auto second = scan_media(folder.path).items;
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].id, second[0].id);
    EXPECT_NE(first[0].id, first[1].id);
}

TEST_F(MediaLibraryTest, PutsAPlaylistToItsVideo) {
    write("film.mp4");
    write("film/low/index.m3u8");
    write("film/master.m3u8");
    write("other.mp4");
    write("other.m3u8");
    const auto items = scan_media(folder.path).items;
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].hls_url, "/media/files/film/master.m3u8");
    EXPECT_EQ(items[1].hls_url, "/media/files/other.m3u8");
}

TEST_F(MediaLibraryTest, TakesAPlaylistAloneForAVideoAndItsVariantsForNone) {
    write("show/index.m3u8");
    write("show/low/index.m3u8");
    write("show/low/0.ts");
    const MediaItem item = only();
    EXPECT_EQ(item.url, "/media/files/show/index.m3u8");
    EXPECT_EQ(item.hls_url, item.url);
}

TEST_F(MediaLibraryTest, PutsSubtitlesToTheirVideo) {
    write("film.mp4");
    write("film.vtt");
    write("film.en.forced.srt");
    write("film2.en.vtt");
    const MediaItem item = only();
    ASSERT_EQ(item.subtitles.size(), 2U);
    EXPECT_EQ(item.subtitles[0].label, "en.forced");
    EXPECT_EQ(item.subtitles[0].language, "en");
    EXPECT_EQ(item.subtitles[0].url, "/media/files/film.en.forced.srt");
    EXPECT_EQ(item.subtitles[1].label, "Subtitles");
    EXPECT_EQ(item.subtitles[1].language, "");
}

TEST_F(MediaLibraryTest, SeesNothingHiddenOutsideOrTooDeep) {
    const net::test::TemporaryFolder outside;
    outside.write("secret.mp4", "x");
    std::filesystem::create_directory_symlink(outside.path, folder.path / "link");
    std::filesystem::create_directory_symlink(folder.path, folder.path / "circle");
    write(".hidden.mp4");
    write(".trash/film.mp4");
    std::string deep;
    for (int i = 0; i <= media_depth_max; ++i)
        deep += "d/";
    write(deep + "film.mp4");
    EXPECT_THAT(urls(), IsEmpty());
}

TEST_F(MediaLibraryTest, CleansTitlesOfWhatFilesystemsAllow) {
    write("\x1b[31m<b>\xff.mp4");
    EXPECT_EQ(only().title, "[31m<b>\xef\xbf\xbd");
    EXPECT_EQ(only().url, "/media/files/%1B%5B31m%3Cb%3E%FF.mp4");
    boost::json::error_code error;
    EXPECT_TRUE(boost::json::parse(media_index(scan_media(folder.path)), error).is_array());
    EXPECT_FALSE(error);
}

TEST_F(MediaLibraryTest, SaysWhyAFolderCannotBeRead) {
    EXPECT_THAT(scan_media(folder.path / "missing").error, HasSubstr("No such file"));
    write("file.mp4");
    EXPECT_THAT(scan_media(folder.path / "file.mp4").error, HasSubstr("Not a directory"));

    const auto closed = folder.path / "closed";
    std::filesystem::create_directory(closed);
    std::filesystem::permissions(folder.path, std::filesystem::perms{0755});
    std::filesystem::permissions(closed, std::filesystem::perms::none);
    // Root may read everything, so there the question is asked as nobody.
    const bool root = ::geteuid() == 0;
    ASSERT_TRUE(!root || ::seteuid(65534) == 0);
    const std::string error = scan_media(closed).error;
    ASSERT_TRUE(!root || ::seteuid(0) == 0);
    EXPECT_THAT(error, HasSubstr("Permission denied"));
}

TEST_F(MediaLibraryTest, IndexesWhatItFound) {
    write("a.mp4");
    write("a.m3u8");
    write("a.fr.vtt");
    const MediaItem item = only();
    EXPECT_EQ(
        boost::json::parse(media_index(scan_media(folder.path))),
        (boost::json::value{
            {{"id", to_hex_string(item.id.bytes)},
             {"title", "a"},
             {"url", "/media/files/a.mp4"},
             {"subtitles", {{{"label", "fr"}, {"lang", "fr"}, {"url", "/media/files/a.fr.vtt"}}}},
             {"hls_url", "/media/files/a.m3u8"}}}));
}

TEST_F(MediaLibraryTest, ServesVideosAndWhatBelongsToThem) {
    for (const char* name : {"a.mp4", "hls/index.m3u8", "hls/0.ts", "hls/init.m4s", "a.vtt"}) {
        write(name);
        const auto answer =
            serve_media(scan_media(folder.path), std::string{"/media/files/"} + name);
        EXPECT_EQ(answer.status, 200) << name;
        ASSERT_TRUE(std::holds_alternative<net::FileBody>(answer.body)) << name;
        EXPECT_EQ(std::get<net::FileBody>(answer.body).path,
                  std::filesystem::canonical(folder.path / name));
    }
    EXPECT_EQ(status("/media/index.json"), 200);
}

TEST_F(MediaLibraryTest, ServesNothingElse) {
    const net::test::TemporaryFolder outside;
    const auto secret = outside.write("secret.mp4", "x");
    std::filesystem::create_symlink(secret, folder.path / "link.mp4");
    write("page.html", "<script>");
    write("notes.txt");
    write(".hidden.mp4");
    write(".git/film.mp4");
    write("a.mp4");
    for (const char* path :
         {"/media/files/link.mp4", "/media/files/page.html", "/media/files/notes.txt",
          "/media/files/.hidden.mp4", "/media/files/.git/film.mp4", "/media/files/", "/media/files",
          "/media/", "/media/a.mp4", "/media/files/../a.mp4", "/media/files/%2e%2e/a.mp4",
          "/media/files/a.mp4%00", "/media/files/missing.mp4"})
        EXPECT_EQ(status(path), 404) << path;
    EXPECT_EQ(serve_media(MediaLibrary{}, "/media/files/a.mp4").status, 404);
}

TEST_F(MediaLibraryTest, ServesSubRipAsWebVtt) {
    write("a.srt", "1\r\n00:00:01,500 --> 00:00:02,000\r\nHello, you\r\n");
    const auto answer = serve_media(scan_media(folder.path), "/media/files/a.srt");
    EXPECT_EQ(answer.content_type, "text/vtt; charset=utf-8");
    EXPECT_EQ(std::get<std::string>(answer.body),
              "WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nHello, you\n");
    write("big.srt", std::string(5 * 1024 * 1024, 'x'));
    EXPECT_EQ(status("/media/files/big.srt"), 404);
}

TEST(Subtitles, LoseTheirByteOrderMark) {
    EXPECT_EQ(vtt_from_srt("\xef\xbb\xbf"
                           "1"),
              "WEBVTT\n\n1\n");
    EXPECT_EQ(vtt_from_srt(""), "WEBVTT\n\n");
}

RC_GTEST_PROP(Subtitles, GrowByNoMoreThanHeaderAndLastLine, (const std::string& srt)) {
    RC_ASSERT(vtt_from_srt(srt).size() <= srt.size() + 9);
}

} // namespace
} // namespace owp::app
