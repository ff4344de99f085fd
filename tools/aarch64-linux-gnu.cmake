# Builds for 64-bit ARM on another machine: Debian's cross compiler, which brings the C and C++ libraries,
# and the packages that tools/bootstrap unpacked for us. Header-only libraries without an architecture
# (CLI11, cpp-jwt) come from this machine's /usr/include, where that compiler looks last.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
get_filename_component(OWP_SYSROOT "${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-arm64" ABSOLUTE)
set(CMAKE_FIND_ROOT_PATH "${OWP_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# OpenSSL keeps what differs between architectures apart
set(CMAKE_CXX_FLAGS_INIT "-isystem ${OWP_SYSROOT}/usr/include/aarch64-linux-gnu")
