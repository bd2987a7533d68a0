/* Loaded into a server before its libraries. While the file that FAILING names is there, syncing fails. And it keeps beside each synced file a copy, "FILE.synced", of what the disk is
 * sure to have. After a power cut that is all there is: what was written since may be there, or not. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void keep(int fd) {
    char link[64], path[4096], kept[4200], copy[4210], buffer[65536];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    if (!strstr(path, "forum.sqlite3")) return;
    snprintf(kept, sizeof kept, "%s.synced", path);
    snprintf(copy, sizeof copy, "%s.copy", kept); /* whole or not there, whenever the process is killed */
    int from = open(path, O_RDONLY | O_CLOEXEC), to = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t got;
    while (from >= 0 && to >= 0 && (got = read(from, buffer, sizeof buffer)) > 0)
        if (write(to, buffer, got) != got) break;
    close(from);
    close(to);
    rename(copy, kept);
}

static int sync_with(const char *name, int fd) {
    int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *failing = getenv("FAILING");
    if (failing && access(failing, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    int result = sync(fd);
    if (result == 0) keep(fd);
    return result;
}

int fsync(int fd) { return sync_with("fsync", fd); }

int fdatasync(int fd) { return sync_with("fdatasync", fd); }
