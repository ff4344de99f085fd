#pragma once

namespace owp::app {

/// Lambdas as one visitor: a variant with an alternative that none of them takes does not compile.
template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
// clang 14 (the fuzz preset) does not deduce aggregates by itself.
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

} // namespace owp::app
