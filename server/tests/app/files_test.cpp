#include "app/files.hpp"

#include "tests/net/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace owp::app {
namespace {

using testing::HasSubstr;

TEST(Files, AreReadWhole) {
    const net::test::TemporaryFolder folder;
    const std::string text = std::string{"a\0b\n", 4} + std::string(1000, 'x');
    const FileText file = read_file(folder.write("f", text), text.size());
    EXPECT_EQ(file.error, "");
    EXPECT_EQ(file.text, text);
    EXPECT_EQ(read_file(folder.write("empty", ""), 10).text, "");
}

TEST(Files, ThatCannotBeReadAreNamedWithTheReason) {
    const net::test::TemporaryFolder folder;
    EXPECT_THAT(read_file(folder.path / "missing", 10).error, HasSubstr("missing (No such file"));
    EXPECT_THAT(read_file(folder.path, 10).error, HasSubstr("Is a directory"));
    EXPECT_THAT(read_file("", 10).error, HasSubstr("cannot read"));
}

TEST(Files, AreReadNoFurtherThanTheirBound) {
    EXPECT_THAT(read_file("/dev/zero", 2048).error, HasSubstr("larger than 2 KiB"));
}

} // namespace
} // namespace owp::app
