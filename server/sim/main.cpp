#include "runner.hpp"

#include <iostream>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    return owp::sim::run_command(arguments, std::cout, std::cerr);
}
