#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H
#if !__has_include(<zlib.h>)
#error "zlib.h not found. Debian/Ubuntu: apt-get install zlib1g-dev pkg-config; macOS: brew install zlib pkgconf"
#else
#include <zlib.h>
#endif
#endif
