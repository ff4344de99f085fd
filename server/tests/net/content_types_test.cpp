#include "net/http.hpp"

#include <gtest/gtest.h>

namespace owp::net {
namespace {

TEST(ContentTypes, GoByTheExtensionInAnyCase) {
    EXPECT_EQ(content_type_of("film.mp4"), "video/mp4");
    EXPECT_EQ(content_type_of("/media/FILM.MKV"), "video/x-matroska");
    EXPECT_EQ(content_type_of("a.b.m3u8"), "application/vnd.apple.mpegurl");
    EXPECT_EQ(content_type_of("segment0.ts"), "video/mp2t");
    EXPECT_EQ(content_type_of("index.html"), "text/html; charset=utf-8");
    EXPECT_EQ(content_type_of("film.en.vtt"), "text/vtt; charset=utf-8");
}

TEST(ContentTypes, AdmitWhatTheyDoNotKnow) {
    for (const char* name : {"", "README", "x.unknown", "x.", "folder.mp4/file"})
        EXPECT_EQ(content_type_of(name), "application/octet-stream") << name;
}

} // namespace
} // namespace owp::net
