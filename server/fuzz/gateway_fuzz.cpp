// What a gateway may write to an embedded server, in any pieces: nobody is answered twice, nor
// after an answer to nobody's question, and a line is an answer only if it is small.
#include "app/gateway_access.hpp"

#include <fuzzer/FuzzedDataProvider.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    spdlog::set_level(spdlog::level::off);
    FuzzedDataProvider data{bytes, size};
    owp::app::GatewayAccess gateway{[](const std::string&) { return true; }};
    int answers = 0;
    const int questions = data.ConsumeIntegralInRange(0, 3);
    for (int i = 0; i < questions; ++i)
        gateway.ask({"user", {}, {}}, [&answers](bool) { ++answers; });
    while (data.remaining_bytes() > 0)
        gateway.received(data.ConsumeRandomLengthString(64));
    if (answers > questions)
        std::abort();
    return 0;
}
