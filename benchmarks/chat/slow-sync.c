/*
 * Preloaded into a server, makes each sync take 5 ms longer, as an ordinary disk has it: where a disk syncs in a tenth
 * of a millisecond nothing shows what a sync costs the users.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int (*real(const char *name))(int) {
  return (int (*)(int))dlsym(RTLD_NEXT, name);
}

static void wait_as_a_disk_does(void) {
  struct timespec left = {.tv_sec = 0, .tv_nsec = 5000000};
  while (nanosleep(&left, &left) != 0) {
  }
}

int fdatasync(int file) {
  wait_as_a_disk_does();
  return real("fdatasync")(file);
}

int fsync(int file) {
  wait_as_a_disk_does();
  return real("fsync")(file);
}
