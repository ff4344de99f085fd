#pragma once

namespace owp::app {

/// Lambdas as one visitor: a variant with an alternative that none of them takes does not compile.
template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

} // namespace owp::app
