#include "net/response_plan.hpp"

#include "tests/net/support.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

namespace owp::net {
namespace {

using test::header_of;
using test::status_of;

constexpr std::time_t date = 784'111'777; // Sun, 06 Nov 1994 08:49:37 GMT

Request get(Headers headers = {}) {
    Request request;
    request.headers = std::move(headers);
    return request;
}

TEST(ResponsePlan, BuildsAnAnswerFromMemory) {
    Response response;
    response.status = 404;
    response.content_type = "application/json";
    response.headers = {{"X-One", "1"}};
    response.body = "{}";
    const auto plan = plan_response(get(), response, true, date);
    EXPECT_EQ(plan.head, "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                         "Connection: keep-alive\r\nX-One: 1\r\nContent-Type: application/json\r\n"
                         "Content-Length: 2\r\n\r\n{}");
    Request head = get();
    head.is_head = true;
    EXPECT_TRUE(
        plan_response(head, response, false, date).head.ends_with("Content-Length: 2\r\n\r\n"));
    EXPECT_EQ(header_of(plan_response(head, response, false, date).head, "Connection"), "close");
}

TEST(ResponsePlan, LetsNoHeaderEndItsLine) {
    Response response;
    response.headers = {{"X-Echo", "a\r\nSet-Cookie: b"}};
    const auto plan = plan_response(get(), response, true, date);
    EXPECT_EQ(header_of(plan.head, "X-Echo"), "a  Set-Cookie: b");
    EXPECT_EQ(header_of(plan.head, "Set-Cookie"), "");
}

TEST(ResponsePlan, ReadsAndWritesDates) {
    EXPECT_EQ(http_date(date), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), date);
    for (const char* bad : {"", "yesterday", "Sun, 06 Nov 1994 08:49:37", "784111777"})
        EXPECT_EQ(parse_http_date(bad), std::nullopt) << bad;
}

struct FilePlanTest : testing::Test {
    FilePlanTest() : file{folder.write("clip.mp4", "0123456789")} {
        const ::timespec times[2] = {{date, 5}, {date, 5}};
        ::utimensat(AT_FDCWD, file.c_str(), times, 0);
        tag = header_of(plan().head, "ETag");
    }
    ResponsePlan plan(Headers headers = {}, bool is_head = false) const {
        Request request = get(std::move(headers));
        request.is_head = is_head;
        Response response;
        response.body = FileBody{file};
        return plan_response(request, response, true, date);
    }
    static std::string body(const ResponsePlan& plan) {
        return plan.slice ? *plan.slice->file.read(plan.slice->offset,
                                                   static_cast<std::size_t>(plan.slice->bytes))
                          : "";
    }
    test::TemporaryFolder folder;
    std::filesystem::path file;
    std::string tag;
};

TEST_F(FilePlanTest, DescribesTheFile) {
    const auto whole = plan();
    EXPECT_EQ(status_of(whole.head), "200");
    EXPECT_EQ(header_of(whole.head, "Content-Type"), "video/mp4");
    EXPECT_EQ(header_of(whole.head, "Content-Length"), "10");
    EXPECT_EQ(header_of(whole.head, "Accept-Ranges"), "bytes");
    EXPECT_EQ(header_of(whole.head, "Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(body(whole), "0123456789");
    const auto head = plan({}, true);
    EXPECT_EQ(header_of(head.head, "Content-Length"), "10");
    EXPECT_FALSE(head.slice);
}

TEST_F(FilePlanTest, AnswersRanges) {
    struct Case {
        Headers headers;
        const char* status;
        const char* content_range;
        const char* body;
    };
    const std::vector<Case> cases{
        {{{"Range", "bytes=2-5"}}, "206", "bytes 2-5/10", "2345"},
        {{{"range", "bytes=8-"}}, "206", "bytes 8-9/10", "89"},
        {{{"Range", "bytes=-1"}}, "206", "bytes 9-9/10", "9"},
        {{{"Range", "bytes=10-"}}, "416", "bytes */10", ""},
        {{{"Range", "bytes=0-1,4-5"}}, "200", "", "0123456789"},
        {{{"Range", "nonsense"}}, "200", "", "0123456789"},
        {{{"Range", "bytes=2-5"}, {"If-Range", tag}}, "206", "bytes 2-5/10", "2345"},
        {{{"Range", "bytes=2-5"}, {"If-Range", "\"old\""}}, "200", "", "0123456789"},
        {{{"Range", "bytes=2-5"}, {"If-Range", "W/" + tag}}, "200", "", "0123456789"},
        {{{"Range", "bytes=2-5"}, {"If-Range", "Sun, 06 Nov 1994 08:49:37 GMT"}},
         "206",
         "bytes 2-5/10",
         "2345"},
        {{{"Range", "bytes=2-5"}, {"If-Range", "Sun, 06 Nov 1994 08:49:38 GMT"}},
         "200",
         "",
         "0123456789"},
    };
    for (const Case& c : cases) {
        const auto answer = plan(c.headers);
        EXPECT_EQ(status_of(answer.head), c.status) << c.headers.back().second;
        EXPECT_EQ(header_of(answer.head, "Content-Range"), c.content_range);
        EXPECT_EQ(header_of(answer.head, "Content-Length"),
                  std::to_string(std::string_view{c.body}.size()));
        EXPECT_EQ(body(answer), c.body);
    }
    EXPECT_EQ(status_of(plan({{"Range", "bytes=2-5"}}, true).head), "200"); // a matter of GET
}

TEST_F(FilePlanTest, SparesWhoHasItAlready) {
    const auto status = [&](Headers headers) { return status_of(plan(std::move(headers)).head); };
    EXPECT_EQ(status({{"If-None-Match", tag}}), "304");
    EXPECT_EQ(status({{"If-None-Match", "\"x\", W/" + tag}}), "304");
    EXPECT_EQ(status({{"If-None-Match", "*"}}), "304");
    EXPECT_EQ(status({{"If-None-Match", "\"x\""}}), "200");
    EXPECT_EQ(status({{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}), "304");
    EXPECT_EQ(status({{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"}}), "200");
    EXPECT_EQ(status({{"If-Modified-Since", "nonsense"}}), "200");
    // The tag counts more than the date.
    EXPECT_EQ(status({{"If-None-Match", "\"x\""},
                      {"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}),
              "200");
    const auto spared = plan({{"If-None-Match", tag}});
    EXPECT_EQ(header_of(spared.head, "ETag"), tag);
    EXPECT_EQ(header_of(spared.head, "Content-Length"), "");
    EXPECT_FALSE(spared.slice);
}

TEST_F(FilePlanTest, ChangesTheTagWithTheFile) {
    folder.write("clip.mp4", "9876543210");
    EXPECT_NE(header_of(plan().head, "ETag"), tag);
}

TEST_F(FilePlanTest, ServesAnEmptyFile) {
    file = folder.write("empty.txt", "");
    EXPECT_EQ(header_of(plan().head, "Content-Length"), "0");
    EXPECT_FALSE(plan().slice);
    EXPECT_EQ(status_of(plan({{"Range", "bytes=0-"}}).head), "416");
}

TEST_F(FilePlanTest, DoesNotSayThatAFileIsMissingWhenTooManyAreOpen) {
    // The sanitizer, which wants descriptors itself, has then seen what is called below
    ASSERT_EQ(status_of(plan().head), "200");
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
    const rlimit none{0, usual.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const std::string head = plan().head;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
    EXPECT_EQ(status_of(head), "503");
    EXPECT_EQ(header_of(head, "Retry-After"), "1");
    EXPECT_EQ(status_of(plan().head), "200");
}

TEST_F(FilePlanTest, DoesNotFindWhatIsNoFile) {
    file = folder.path / "missing";
    EXPECT_EQ(status_of(plan().head), "404");
    file = folder.path;
    EXPECT_EQ(status_of(plan().head), "404");
    file = folder.path / "fifo";
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    EXPECT_EQ(status_of(plan().head), "404");
}

} // namespace
} // namespace owp::net
