#ifndef CBLAS_SHIM_H
#define CBLAS_SHIM_H
#if !__has_include(<cblas.h>)
#error "cblas.h not found. Debian/Ubuntu: apt-get install libopenblas-dev pkg-config; macOS: brew install openblas pkgconf"
#else
#include <cblas.h>
#endif
#endif
