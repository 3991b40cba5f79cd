#ifndef CGLIB_SHIM_H
#define CGLIB_SHIM_H
#if !__has_include(<glib.h>)
#error "glib.h not found. Debian/Ubuntu: apt-get install libglib2.0-dev pkg-config; macOS: brew install glib pkgconf"
#else
#include <glib.h>
#endif
#endif
