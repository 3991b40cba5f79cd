#ifndef CLIBPNG_SHIM_H
#define CLIBPNG_SHIM_H
#if !__has_include(<png.h>)
#error "png.h not found. Debian/Ubuntu: apt-get install libpng-dev pkg-config; macOS: brew install libpng pkgconf"
#else
#include <png.h>
#endif
#endif
