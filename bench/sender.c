/* The least that a server can do: the same websocket frame to every page, by one send() each.
 *
 * Prints the port it listens on, then obeys standard input: "send COUNT PAUSE SIZE" sends COUNT messages of SIZE bytes,
 * one every PAUSE microseconds, and answers with one line of JSON: when it began each (CLOCK_MONOTONIC, nanoseconds)
 * and how many pages could not take one whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PAGES = 100000, MOST_BYTES = 65535, LISTENING = -1, COMMANDS = -2 };

static int page[MOST_PAGES], page_count, epoll, listening;
static long version, refused;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void watch(int fd, int what) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = what};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void take_pages(void) {
    for (int fd, one = 1; (fd = accept4(listening, 0, 0, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(fd, fd);
    }
}

static void read_page(int fd) {  /* its request, which comes in one piece; later only what it says to a ping, or its end */
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    char data[2048];
    ssize_t size = recv(fd, data, sizeof data, 0);
    if (size > 4 && !memcmp(data, "GET ", 4) && page_count < MOST_PAGES) {
        send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
        page[page_count++] = fd;
    } else if (size == 0 || (size < 0 && errno != EAGAIN)) {
        for (int i = 0; i < page_count; i++)
            if (page[i] == fd) page[i] = page[--page_count];
        close(fd);
    }
}

static void send_one(size_t size) {
    static char frame[4 + MOST_BYTES];
    memset(frame, ' ', sizeof frame);
    frame[0] = (char)0x81, frame[1] = 126, frame[2] = (char)(size >> 8), frame[3] = (char)size;
    int written = sprintf(frame + 4, "{\"type\":\"changes\",\"article\":1,\"from\":%ld,\"to\":%ld}", version, version + 1);
    frame[4 + written] = ' ';
    version++;
    for (int i = 0; i < page_count; i++)
        if (send(page[i], frame, size + 4, MSG_NOSIGNAL) != (ssize_t)size + 4) refused++;
}

static void work(int timeout) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, 256, timeout);
    for (int i = 0; i < count; i++) {
        int what = events[i].data.fd;
        if (what == LISTENING) take_pages();
        else if (what != COMMANDS) read_page(what);
    }
}

static void send_many(int count, long pause, size_t size) {
    uint64_t due = now();
    refused = 0;
    printf("{\"at\":[");
    for (int i = 0; i < count; i++, due += (uint64_t)pause * 1000) {
        for (uint64_t time; (time = now()) < due;) work((int)((due - time) / 1000000) + 1);
        printf("%s%llu", i ? "," : "", (unsigned long long)now());
        send_one(size);
    }
    printf("],\"refused\":%ld}\n", refused);
}

int main(void) {
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof own;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listening, (struct sockaddr *)&own, sizeof own) || listen(listening, 4096)) return 1;
    getsockname(listening, (struct sockaddr *)&own, &length);
    printf("{\"port\":%d}\n", ntohs(own.sin_port));
    fflush(stdout);
    epoll = epoll_create1(0);
    watch(listening, LISTENING);
    watch(0, COMMANDS);
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(epoll, &event, 1, -1) != 1) continue;
        if (event.data.fd == LISTENING) {
            take_pages();
        } else if (event.data.fd == COMMANDS) {
            char line[256];
            int count;
            long pause;
            size_t size;
            if (!fgets(line, sizeof line, stdin)) return 0;
            if (sscanf(line, "send %d %ld %zu", &count, &pause, &size) == 3 && size > 100 && size <= MOST_BYTES)
                send_many(count, pause, size);
            else
                printf("{\"error\":\"no such command\"}\n");
            fflush(stdout);
        } else {
            read_page(event.data.fd);
        }
    }
}
