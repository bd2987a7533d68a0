/* Many open pages in one thread: connects websockets, reads all that comes, and says when it came.
 *
 *     sockets HOST PORT PATH VERSION     PATH takes the version at its end: "/live?article=1&epoch=x&after="
 *
 * Reads commands from standard input, one a line, and answers each with one line of JSON (`report` with several):
 *
 *     open COUNT AT_ONCE STALLED   connect COUNT more pages at the newest version that is known, AT_ONCE of them at a
 *                                  time; stalled ones never read
 *     storm AT_ONCE                cut all of them and connect them again, each from the version that it had reached
 *     return                       from now on a page that is closed comes back; until then it stays closed
 *     state                        how many are open, how far the slowest is, what was read in all
 *     mark                         forget the arrivals
 *     report                       for each message with a version: how many pages had it, and when, in hundredths
 *
 * A page that is refused, or comes back, tries after the same waits as a browser's (static/js/socket.js), in quarters of
 * a second. Times are nanoseconds of CLOCK_MONOTONIC. It counts what a page would have to ask for again: gaps and reloads.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
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

enum { MOST_PAGES = 100000, MOST_VERSIONS = 1000000, PORTS_PER_ADDRESS = 8000, KEPT = 128, STALLED_BUFFER = 4096 };
enum { LONGEST = 16 };  /* quarters of a second */
static const uint64_t QUARTER = 250000000;
enum state { WAITING, CONNECTING, GREETING, OPEN, GONE };

struct page {
    int fd;
    enum state state;
    int stalled, failures;
    long version;
    uint64_t due;  /* when it tries again */
    uint64_t left;  /* bytes of the frame's payload that are still to come */
    int head_size, head_wanted, kept_size, line_ends;
    unsigned char head[10], kept[KEPT];
};

struct arrivals {  /* of one message, at all pages */
    long from;
    uint32_t count, room;
    uint64_t *at;
    struct arrivals *next;
};

static struct page pages[MOST_PAGES];
static struct arrivals *arrived[MOST_VERSIONS];
static struct page *later[LONGEST + 1][MOST_PAGES];  /* queues: those that wait for so many quarters of a second */
static unsigned later_first[LONGEST + 1], later_last[LONGEST + 1];
static int returning, waiting, page_count, next_page, at_once, in_flight, epoll;
static long open_count, closed, failed, gaps, reloads, frames, bytes, connects, first_version, highest;
static uint64_t started, opened;
static struct sockaddr_in server;
static const char *host, *path;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void watch(struct page *page, uint32_t events, int how) {
    struct epoll_event event = {.events = events, .data.u64 = (uint64_t)(page - pages)};
    epoll_ctl(epoll, how, page->fd, &event);
}

/* The wait that the server names, else one that doubles; of either something between half and one and a half. */
static void try_again(struct page *page, double named) {
    double doubled = page->failures < 4 ? 0.25 * (1 << page->failures) : 4 / 1.5, wait = named ? named : doubled;
    int quarters = (int)(4 * (wait * (0.5 + drand48()) + named / 2) + 0.5);
    if (quarters > LONGEST) quarters = LONGEST;
    if (page->failures < 4) page->failures++;
    page->state = WAITING;
    page->due = now() + (uint64_t)quarters * QUARTER;
    later[quarters][later_last[quarters]++ % MOST_PAGES] = page;
    waiting++;
}

static void give_up(struct page *page, double named) {
    close(page->fd);
    if (page->state != OPEN) {
        in_flight--, failed++;
        try_again(page, 0);
        return;
    }
    open_count--;
    page->state = GONE;
    returning ? try_again(page, named) : (void)closed++;
}

static void cut(struct page *page) {  /* as a lost connection is: nothing is said, no port stays in use */
    struct linger at_once_gone = {1, 0};
    if (page->state == OPEN) open_count--;
    if (page->state == CONNECTING || page->state == GREETING) in_flight--;
    if (page->state != GONE && page->state != WAITING) {
        setsockopt(page->fd, SOL_SOCKET, SO_LINGER, &at_once_gone, sizeof at_once_gone);
        close(page->fd);
    }
    page->state = WAITING;
}

static void connect_page(struct page *page) {
    int one = 1, small = STALLED_BUFFER;
    page->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    page->state = CONNECTING;
    page->left = 0;
    page->head_size = page->kept_size = page->line_ends = 0;
    page->head_wanted = 2;
    in_flight++;
    if (page->fd < 0) exit(3);
    setsockopt(page->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (page->stalled) setsockopt(page->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if ((ntohl(server.sin_addr.s_addr) >> 24) == 127) {  /* one address has too few ports */
        struct sockaddr_in own = {.sin_family = AF_INET};
        own.sin_addr.s_addr = htonl(0x7f000002u + (uint32_t)(connects / PORTS_PER_ADDRESS % 250));
        setsockopt(page->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(page->fd, (struct sockaddr *)&own, sizeof own)) perror("bind");
    }
    connects++;
    watch(page, EPOLLOUT, EPOLL_CTL_ADD);
    if (connect(page->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) give_up(page, 0);
}

static void connect_more(void) {
    for (int i = 0; waiting && i <= LONGEST; i++)
        for (; later_first[i] < later_last[i] && later[i][later_first[i] % MOST_PAGES]->due < now(); waiting--)
            connect_page(later[i][later_first[i]++ % MOST_PAGES]);
    while (next_page < page_count && in_flight < at_once) connect_page(&pages[next_page++]);
}

static void greet(struct page *page) {
    char request[1024];
    int port = ntohs(server.sin_port);
    int size = snprintf(request, sizeof request,
                        "GET %s%ld HTTP/1.1\r\nHost: %s:%d\r\nOrigin: http://%s:%d\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
                        path, page->version, host, port, host, port);
    if (send(page->fd, request, (size_t)size, MSG_NOSIGNAL) != size) {
        give_up(page, 0);
        return;
    }
    page->state = GREETING;
    watch(page, EPOLLIN, EPOLL_CTL_MOD);
}

static void note_arrival(struct page *page, long from, long to) {
    uint64_t at = now();
    if (to < 0 || to >= MOST_VERSIONS) return;
    struct arrivals **place = &arrived[to], *one;
    while (*place && (*place)->from != from) place = &(*place)->next;
    if (!*place) {
        *place = calloc(1, sizeof **place);
        (*place)->from = from;
    }
    one = *place;
    if (one->count == one->room) {
        one->room = one->room ? one->room * 2 : 64;
        one->at = realloc(one->at, one->room * sizeof *one->at);
    }
    one->at[one->count++] = at;
    if (to > highest) highest = to;
    if (from > page->version) gaps++;
    if (to > page->version) page->version = to;
}

static void take_frame(struct page *page) {
    int kind = page->head[0] & 15;
    char start[KEPT + 1];
    const char *from, *to;
    memcpy(start, page->kept, (size_t)page->kept_size);
    start[page->kept_size] = 0;
    frames++;
    if (kind == 9) {  /* a ping wants its payload back, masked; a mask of zeros leaves it as it is */
        unsigned char pong[6 + KEPT] = {0x8a, (unsigned char)(0x80 | page->kept_size)};
        memcpy(pong + 6, page->kept, (size_t)page->kept_size);
        if (send(page->fd, pong, 6 + (size_t)page->kept_size, MSG_NOSIGNAL) < 0) perror("pong");
    } else if (kind == 8) {
        const char *named = page->kept_size > 2 ? strstr(start + 2, "wait=") : NULL;  /* behind the code */
        give_up(page, named ? atof(named + 5) : 0);
    } else if (kind == 1) {
        page->failures = 0;
        if (strstr(start, "\"type\":\"changes\"") && (from = strstr(start, "\"from\":")) && (to = strstr(from, "\"to\":")))
            note_arrival(page, atol(from + 7), atol(to + 5));
        else if (strstr(start, "\"type\":\"reload\""))
            reloads++;
    }
}

/* What is needed of a frame's head (RFC 6455, section 5.2), then its payload, of which the first bytes are kept. */
static void take_bytes(struct page *page, const unsigned char *data, size_t size) {
    while (size && page->state == OPEN) {
        if (page->head_size < page->head_wanted) {
            page->head[page->head_size++] = *data++;
            size--;
            int length = page->head[1] & 127;
            if (page->head_size == 2) page->head_wanted = length == 126 ? 4 : length == 127 ? 10 : 2;
            if (page->head_size < page->head_wanted) continue;
            page->left = page->head_wanted == 2 ? (uint64_t)length : 0;
            for (int i = 2; i < page->head_wanted; i++) page->left = page->left << 8 | page->head[i];
            page->kept_size = 0;
        } else {
            size_t part = size < page->left ? size : (size_t)page->left;
            size_t kept = (size_t)(KEPT - page->kept_size) < part ? (size_t)(KEPT - page->kept_size) : part;
            memcpy(page->kept + page->kept_size, data, kept);
            page->kept_size += (int)kept;
            page->left -= part;
            data += part;
            size -= part;
        }
        if (page->left == 0) {
            take_frame(page);
            page->head_size = 0;
            page->head_wanted = 2;
        }
    }
}

static void take_greeting(struct page *page, const unsigned char *data, size_t size) {
    size_t used = 0;
    for (; used < size && page->line_ends < 4; used++) {
        if (page->kept_size < KEPT) page->kept[page->kept_size++] = data[used];
        page->line_ends = data[used] == (page->line_ends % 2 ? '\n' : '\r') ? page->line_ends + 1 : 0;
    }
    if (page->line_ends < 4) return;
    if (page->kept_size < 12 || memcmp(page->kept + 9, "101", 3)) {
        give_up(page, 0);
        return;
    }
    page->state = OPEN;
    page->kept_size = 0;
    opened = now();
    open_count++;
    in_flight--;
    if (page->stalled)
        watch(page, 0, EPOLL_CTL_MOD);
    else
        take_bytes(page, data + used, size - used);
}

static void serve(struct page *page) {
    static unsigned char data[1 << 18];
    if (page->state == CONNECTING) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(page->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        error ? give_up(page, 0) : greet(page);
        return;
    }
    if (page->state != GREETING && page->state != OPEN) return;
    ssize_t size = page->stalled && page->state == OPEN ? 0 : recv(page->fd, data, sizeof data, 0);
    if (size <= 0) {
        if (size == 0 || errno != EAGAIN) give_up(page, 0);
        return;
    }
    bytes += size;
    page->state == OPEN ? take_bytes(page, data, (size_t)size) : take_greeting(page, data, (size_t)size);
}

static void forget_arrivals(void) {
    for (long to = 0; to <= highest; to++)
        while (arrived[to]) {
            struct arrivals *one = arrived[to];
            arrived[to] = one->next;
            free(one->at);
            free(one);
        }
}

static int by_time(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

static void report(void) {
    for (long to = 0; to <= highest; to++)
        for (struct arrivals *one = arrived[to]; one; one = one->next) {
            qsort(one->at, one->count, sizeof *one->at, by_time);
            printf("{\"from\":%ld,\"to\":%ld,\"count\":%u,\"at\":[", one->from, to, one->count);
            for (uint64_t part = 0; part <= 100; part++)
                printf("%s%llu", part ? "," : "", (unsigned long long)one->at[(one->count - 1) * part / 100]);
            printf("]}\n");
        }
    printf("{}\n");
}

static void tell_state(void) {
    long lowest = -1;
    for (int i = 0; i < page_count; i++)
        if (!pages[i].stalled && (lowest < 0 || pages[i].version < lowest)) lowest = pages[i].version;
    printf("{\"open\":%ld,\"wanted\":%d,\"closed\":%ld,\"failed\":%ld,\"lowest\":%ld,\"gaps\":%ld,\"reloads\":%ld,"
           "\"frames\":%ld,\"bytes\":%ld,\"started\":%llu,\"opened\":%llu}\n",
           open_count, page_count, closed, failed, lowest, gaps, reloads, frames, bytes, (unsigned long long)started,
           (unsigned long long)opened);
}

static void obey(const char *line) {
    int count, stalled;
    if (sscanf(line, "open %d %d %d", &count, &at_once, &stalled) == 3) {
        started = now();
        for (; count > 0 && page_count < MOST_PAGES; count--, page_count++)
            pages[page_count] = (struct page){.version = highest > first_version ? highest : first_version, .stalled = stalled};
        printf("{}\n");
    } else if (sscanf(line, "storm %d", &at_once) == 1) {
        started = now();
        for (int i = 0; i < page_count; i++) cut(&pages[i]);
        memcpy(later_first, later_last, sizeof later_first);
        waiting = next_page = 0;
        printf("{}\n");
    } else if (!strcmp(line, "return")) {
        returning = 1;
        printf("{}\n");
    } else if (!strcmp(line, "state")) {
        tell_state();
    } else if (!strcmp(line, "mark")) {
        forget_arrivals();
        printf("{}\n");
    } else if (!strcmp(line, "report")) {
        report();
    } else {
        printf("{\"error\":\"no such command\"}\n");
    }
    fflush(stdout);
}

static void take_commands(void) {
    static char text[4096];
    static size_t size;
    ssize_t part = read(0, text + size, sizeof text - 1 - size);
    if (part <= 0) exit(0);
    size += (size_t)part;
    for (char *end; (end = memchr(text, '\n', size));) {
        *end = 0;
        obey(text);
        size -= (size_t)(end + 1 - text);
        memmove(text, end + 1, size);
    }
}

int main(int argc, char **argv) {
    struct epoll_event events[1024], commands = {.events = EPOLLIN, .data.u64 = MOST_PAGES};
    struct rlimit files;
    if (argc != 5) return 2;
    host = argv[1], path = argv[3], first_version = atol(argv[4]);
    server.sin_family = AF_INET;
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    inet_pton(AF_INET, host, &server.sin_addr);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    epoll = epoll_create1(0);
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &commands);
    for (;;) {
        int count = epoll_wait(epoll, events, 1024, waiting ? 20 : -1);
        for (int i = 0; i < count; i++)
            events[i].data.u64 == MOST_PAGES ? take_commands() : serve(&pages[events[i].data.u64]);
        connect_more();
    }
}
