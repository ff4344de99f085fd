// Preloaded into a server under test: makes every nth call of a kind fail.
//
//   OWP_FAULT=KIND:ERRNO:EVERY:FROM[:FILE]
//
// KIND is one of the names below, ERRNO a number, FROM "start" or "listening" (from the first
// listen() on). With FILE, calls fail only as long as it exists, so that a test can end the
// trouble.
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

char kind[32]; // empty: nothing fails
char while_there[4096];
int error_number;
unsigned long every = 1;
std::atomic<bool> armed{false};
std::atomic<unsigned long> calls{0};

/// Without a call that may itself be replaced here.
bool is_there(const char* path) {
    return syscall(SYS_access, path, F_OK) == 0;
}

bool fails(const char* name) {
    if (!armed.load(std::memory_order_relaxed) || std::strcmp(name, kind) != 0)
        return false;
    if (++calls % every != 0)
        return false;
    const int before = errno;
    const bool now = while_there[0] == '\0' || is_there(while_there);
    errno = now ? error_number : before;
    return now;
}

__attribute__((constructor)) void read_plan() {
    const char* plan = std::getenv("OWP_FAULT");
    char from[16];
    if (plan == nullptr || std::sscanf(plan, "%31[^:]:%d:%lu:%15[^:]:%4095s", kind, &error_number,
                                       &every, from, while_there) < 4)
        return;
    armed = std::strcmp(from, "start") == 0;
}

/// The function that this one stands before.
template <class Function>
Function next(Function, const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

// FORWARD(KIND, what to answer, function, (parameters), (arguments))
#define FORWARD(fault, failure, result, name, parameters, arguments)                               \
    result name parameters {                                                                       \
        if (fails(fault))                                                                          \
            return failure;                                                                        \
        static const auto real = next(&name, #name);                                               \
        return real arguments;                                                                     \
    }

extern "C" {

FORWARD("accept", -1, int, accept, (int s, sockaddr* a, socklen_t* n), (s, a, n))
FORWARD("accept", -1, int, accept4, (int s, sockaddr* a, socklen_t* n, int f), (s, a, n, f))
FORWARD("read", -1, ssize_t, recv, (int s, void* b, size_t n, int f), (s, b, n, f))
FORWARD("read", -1, ssize_t, recvmsg, (int s, msghdr* m, int f), (s, m, f))
FORWARD("write", -1, ssize_t, send, (int s, const void* b, size_t n, int f), (s, b, n, f))
FORWARD("write", -1, ssize_t, sendmsg, (int s, const msghdr* m, int f), (s, m, f))
FORWARD("pread", -1, ssize_t, pread, (int d, void* b, size_t n, off_t at), (d, b, n, at))
FORWARD("socket", -1, int, socket, (int d, int t, int p) noexcept, (d, t, p))
FORWARD("bind", -1, int, bind, (int s, const sockaddr* a, socklen_t n) noexcept, (s, a, n))
FORWARD("setsockopt", -1, int, setsockopt,
        (int s, int l, int o, const void* v, socklen_t n) noexcept, (s, l, o, v, n))
FORWARD("getpeername", -1, int, getpeername, (int s, sockaddr* a, socklen_t* n) noexcept, (s, a, n))
FORWARD("epoll_create", -1, int, epoll_create1, (int f) noexcept, (f))
FORWARD("epoll_create", -1, int, epoll_create, (int n) noexcept, (n))
FORWARD("epoll_ctl", -1, int, epoll_ctl, (int e, int o, int d, epoll_event* v) noexcept,
        (e, o, d, v))
FORWARD("eventfd", -1, int, eventfd, (unsigned n, int f) noexcept, (n, f))
FORWARD("timerfd", -1, int, timerfd_create, (clockid_t c, int f) noexcept, (c, f))
FORWARD("timer", -1, int, timerfd_settime,
        (int t, int f, const itimerspec* n, itimerspec* o) noexcept, (t, f, n, o))
FORWARD("random", -1, ssize_t, getrandom, (void* b, size_t n, unsigned f), (b, n, f))
FORWARD("open", nullptr, FILE*, fopen, (const char* p, const char* m), (p, m))
FORWARD("open", nullptr, FILE*, fopen64, (const char* p, const char* m), (p, m))
FORWARD("thread", EAGAIN, int, pthread_create,
        (pthread_t * t, const pthread_attr_t* a, void* (*f)(void*), void* x) noexcept, (t, a, f, x))

int listen(int s, int backlog) noexcept {
    if (fails("listen"))
        return -1;
    static const auto real = next(&listen, "listen");
    const int result = real(s, backlog);
    if (kind[0] != '\0')
        armed = true;
    return result;
}

/// The mode counts only where a file may be made, and is read only then.
int open(const char* path, int flags, ...) {
    if (fails("open"))
        return -1;
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    static const auto real = next(&open, "open");
    return real(path, flags, mode);
}

// glibc's own names, since dlsym allocates.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) noexcept {
    return fails("alloc") ? nullptr : __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
    return fails("alloc") ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) noexcept {
    return fails("alloc") ? nullptr : __libc_realloc(old, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept {
    return fails("alloc") ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** made, size_t alignment, size_t size) noexcept {
    if (fails("alloc"))
        return ENOMEM;
    *made = __libc_memalign(alignment, size);
    return *made == nullptr ? ENOMEM : 0;
}

} // extern "C"
