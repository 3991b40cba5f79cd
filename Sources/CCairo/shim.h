#ifndef CCAIRO_SHIM_H
#define CCAIRO_SHIM_H
#if !__has_include(<pango/pangocairo.h>)
#error "pango/pangocairo.h not found. Debian/Ubuntu: apt-get install libpango1.0-dev pkg-config; macOS: brew install pango pkgconf"
#else
#include <cairo.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#endif
#endif
