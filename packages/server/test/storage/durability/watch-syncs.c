/*
 * Preloaded into a server: writes down, in one file and in their order, every sync of a file with the size that it had
 * ("sync SIZE PATH"), and every write to a socket ("sent"). What a power cut would leave of a file is what it was at
 * its last sync; what a client can have been told is what was sent.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int log_file = -1;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_sendmsg)(int, const struct msghdr *, int);

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("ARCLIGHT_SYNC_LOG");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_write = dlsym(RTLD_NEXT, "write");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_sendmsg = dlsym(RTLD_NEXT, "sendmsg");
  if (path) log_file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

/* One line, one write: lines of two threads never mix. */
static void note(const char *line, size_t length) {
  if (log_file >= 0 && real_write(log_file, line, length) < 0) abort();
}

/* The size is that of before the sync: what is written while it runs it need not have taken. */
static int synced(int file, int (*sync)(int)) {
  struct stat before;
  int known = fstat(file, &before) == 0;
  int failed = sync(file);
  if (!failed && known) {
    char link[64], path[4096], line[4200];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
      path[length] = 0;
      note(line, snprintf(line, sizeof line, "sync %lld %s\n", (long long)before.st_size, path));
    }
  }
  return failed;
}

int fsync(int file) { return synced(file, real_fsync); }

int fdatasync(int file) { return synced(file, real_fdatasync); }

/* Written down before it happens: whoever receives it finds the line there. */
static void about_to_send(int file) {
  struct stat what;
  if (log_file >= 0 && fstat(file, &what) == 0 && S_ISSOCK(what.st_mode)) note("sent\n", strlen("sent\n"));
}

ssize_t write(int file, const void *bytes, size_t length) {
  about_to_send(file);
  return real_write(file, bytes, length);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  about_to_send(file);
  return real_writev(file, parts, count);
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  about_to_send(file);
  return real_sendmsg(file, message, flags);
}
