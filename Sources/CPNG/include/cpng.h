#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

/// How a pixel is stored.
typedef enum { CPNG_PALETTE, CPNG_RGB, CPNG_RGBA } cpng_color;

/// A text chunk (iTXt, UTF-8, not compressed).
typedef struct {
  const char *keyword;
  const char *text;
} cpng_text;

/// What stands before the pixels.
typedef struct {
  uint32_t width;
  uint32_t height;
  cpng_color color;
  /// For CPNG_PALETTE: `colors` times red, green, blue, opacity; at most 256.
  const uint8_t *palette;
  int colors;
  /// Pixels per metre in both directions; 0 leaves the chunk out.
  uint32_t resolution;
  const cpng_text *texts;
  int text_count;
} cpng_header;

/// Takes bytes of the file; returns 0, or anything else to stop.
typedef int (*cpng_write)(void *context, const uint8_t *bytes, size_t count);

/// A PNG file being written, row by row. No call jumps over the caller's frames: libpng's errors
/// end in this library and come back as a return value.
typedef struct cpng_writer cpng_writer;

/// Begins a file and writes its header; `NULL` when memory is short.
cpng_writer *cpng_create(const cpng_header *header, cpng_write write, void *context);

/// Writes one row (1, 3 or 4 bytes a pixel), as its difference to the row before where it
/// resembles it; returns 0 on success.
int cpng_row(cpng_writer *writer, const uint8_t *pixels, int resembles_last);

/// Ends the file after its last row; returns 0 on success.
int cpng_finish(cpng_writer *writer);

/// What went wrong, or an empty string; valid until `cpng_destroy`.
const char *cpng_message(const cpng_writer *writer);

/// Frees the writer.
void cpng_destroy(cpng_writer *writer);

/// The version of libpng that is in use.
const char *cpng_version(void);

/// Reads the size of a PNG file in memory; returns 0 on success.
int cpng_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height);

/// Reads the pixels of a PNG file in memory, four bytes each (red, green, blue, opacity), rows from
/// the top; returns 0 on success, also only when they fill `room` bytes exactly.
int cpng_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t room);

#endif
