#ifndef CUNICODE_SHIM_H
#define CUNICODE_SHIM_H
#if !__has_include(<utf8proc.h>)
#error "utf8proc.h not found. Debian/Ubuntu: apt-get install libutf8proc-dev pkg-config; macOS: brew install utf8proc pkgconf"
#else
#include <utf8proc.h>
#endif
#endif
