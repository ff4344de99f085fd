#include "tests/net/support.hpp"

#include "net/http.hpp"

namespace owp::net {
namespace {

TEST(Paths, DecodePercentOnce) {
    EXPECT_EQ(percent_decode("a%20b%2Fc"), "a b/c");
    EXPECT_EQ(percent_decode("%252e"), "%2e");
    EXPECT_EQ(percent_decode("%c3%A9"), "\xc3\xa9");
    for (const char* bad : {"%", "%2", "%zz", "a%g0", "%%"})
        EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
}

struct PathsTest : testing::Test {
    PathsTest() {
        namespace fs = std::filesystem;
        folder.write("outside.txt", "secret");
        folder.write("media-private/secret.txt", "secret");
        folder.write("media/clip.mp4", "clip");
        folder.write("media/sub/two words.vtt", "cues");
        folder.write("media/..hidden", "fine");
        root = folder.path / "media";
        fs::create_symlink(folder.path / "outside.txt", root / "link-out");
        fs::create_directory_symlink(folder.path, root / "dir-out");
        fs::create_symlink(root / "clip.mp4", root / "link-in");
        fs::create_symlink("loop", root / "loop");
    }
    test::TemporaryFolder folder;
    std::filesystem::path root;
};

TEST_F(PathsTest, FindsWhatIsInTheFolder) {
    const auto canonical = std::filesystem::canonical(root);
    EXPECT_EQ(resolve_under(root, "/clip.mp4"), canonical / "clip.mp4");
    EXPECT_EQ(resolve_under(root, "clip.mp4"), canonical / "clip.mp4");
    EXPECT_EQ(resolve_under(root, "/sub/two%20words.vtt"), canonical / "sub/two words.vtt");
    EXPECT_EQ(resolve_under(root, "/..hidden"), canonical / "..hidden");
    EXPECT_EQ(resolve_under(root, "/link-in"), canonical / "clip.mp4");
    EXPECT_EQ(resolve_under(root, "/sub"), canonical / "sub");
    EXPECT_EQ(resolve_under(root, "/sub/"), canonical / "sub");
    EXPECT_EQ(resolve_under(root, "/"), canonical);
    EXPECT_EQ(resolve_under(root, ""), canonical);
}

TEST_F(PathsTest, NeverLeavesTheFolder) {
    using namespace std::string_view_literals;
    for (const auto path : {"/../outside.txt"sv,
                            "/sub/../../outside.txt"sv,
                            "/sub/../clip.mp4"sv,
                            "/.."sv,
                            "/."sv,
                            "/%2e%2e/outside.txt"sv,
                            "/%2e%2e%2foutside.txt"sv,
                            "/..%2foutside.txt"sv,
                            "/%252e%252e/outside.txt"sv,
                            "/..\\outside.txt"sv,
                            "/..%5coutside.txt"sv,
                            "//etc/passwd"sv,
                            "/%2fetc/passwd"sv,
                            "/sub//two%20words.vtt"sv,
                            "/clip.mp4%00.vtt"sv,
                            "/clip.mp4\0"sv,
                            "/link-out"sv,
                            "/dir-out/outside.txt"sv,
                            "/dir-out"sv,
                            "/loop"sv,
                            "/missing"sv,
                            "/clip.mp4/x"sv,
                            "/%zz"sv,
                            "/../media-private/secret.txt"sv,
                            "/dir-out/media-private/secret.txt"sv})
        EXPECT_EQ(resolve_under(root, path), std::nullopt) << path;
    EXPECT_EQ(resolve_under(root, "/" + std::string(5000, 'x')), std::nullopt);
    EXPECT_EQ(resolve_under(folder.path / "missing", "/"), std::nullopt);
}

} // namespace
} // namespace owp::net
