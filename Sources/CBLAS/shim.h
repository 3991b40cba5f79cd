#ifndef CBLAS_SHIM_H
#define CBLAS_SHIM_H
#if !__has_include(<cblas.h>)
#error "cblas.h not found. Debian/Ubuntu: apt-get install libopenblas-dev pkg-config; macOS: brew install openblas pkgconf"
#else
#include <cblas.h>
/* Ends the library's own threads; it starts them when it is loaded, and they wait by spinning. */
int blas_thread_shutdown_(void) __attribute__((weak));
static inline void cblas_end_threads(void) {
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}
#endif
#endif
