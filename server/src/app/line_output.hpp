// Lines to a pipe that may be full: they wait here, within bounds, and nobody waits for them.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <mutex>
#include <string>
#include <utility>

namespace owp::app {

inline constexpr std::size_t line_output_bytes_max = std::size_t{256} * 1024;

class LineOutput {
public:
    /// The descriptor is taken over, and becomes non-blocking.
    LineOutput(boost::asio::io_context& io, int descriptor) : out_{io} {
        boost::system::error_code failed;
        out_.assign(descriptor, failed);
        broken_ = failed.failed();
    }

    /// From any thread; false: too much waits already.
    bool write(const std::string& line) {
        const std::lock_guard lock{mutex_};
        if (broken_ || waiting_.size() + line.size() > line_output_bytes_max)
            return false;
        waiting_ += line;
        if (!std::exchange(busy_, true))
            boost::asio::post(out_.get_executor(), [this] { send(); });
        return true;
    }

private:
    void send() {
        {
            const std::lock_guard lock{mutex_};
            if (waiting_.empty()) {
                busy_ = false;
                return;
            }
            sending_ = std::exchange(waiting_, {});
        }
        boost::asio::async_write(out_, boost::asio::buffer(sending_),
                                 [this](boost::system::error_code error, std::size_t) {
                                     if (!error)
                                         return send();
                                     const std::lock_guard lock{mutex_};
                                     broken_ = true;
                                 });
    }

    boost::asio::posix::stream_descriptor out_;
    std::string sending_;
    std::mutex mutex_; // for what follows
    std::string waiting_;
    bool busy_ = false;
    bool broken_ = false;
};

} // namespace owp::app
