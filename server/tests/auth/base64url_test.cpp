#include "auth/base64url.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace owp::auth {
namespace {

TEST(Base64url, EncodesTheVectorsOfTheStandardWithoutPadding) { // RFC 4648 §10
    EXPECT_EQ(encode_base64url(""), "");
    EXPECT_EQ(encode_base64url("f"), "Zg");
    EXPECT_EQ(encode_base64url("fo"), "Zm8");
    EXPECT_EQ(encode_base64url("foo"), "Zm9v");
    EXPECT_EQ(encode_base64url("\xfb\xff"), "-_8");
}

TEST(Base64url, RefusesWhatIsNotTheOneTextOfAValue) {
    for (const char* text :
         {"Z", "Zg==", "Zh", "Zm9=", "Zm 9", "Zm9+", "Zm9/", "\xc3\xa9", "Zm9v\n"})
        EXPECT_FALSE(decode_base64url(text)) << text;
}

RC_GTEST_PROP(Base64url, DecodesWhatItEncodes, (const std::string& bytes)) {
    RC_ASSERT(decode_base64url(encode_base64url(bytes)) == bytes);
}

} // namespace
} // namespace owp::auth
