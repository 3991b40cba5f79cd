#include "cpng.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct cpng_writer {
  png_structp png;
  png_infop info;
  cpng_write write;
  void *context;
  char message[160];
};

static void fail(png_structp png, png_const_charp message) {
  cpng_writer *writer = png_get_error_ptr(png);
  strncpy(writer->message, message, sizeof writer->message - 1);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void put(png_structp png, png_bytep bytes, size_t count) {
  cpng_writer *writer = png_get_io_ptr(png);
  if (writer->write(writer->context, bytes, count) != 0) png_error(png, "the output was refused");
}

static void flush(png_structp png) { (void)png; }

static void set_palette(png_structp png, png_infop info, const cpng_header *header) {
  png_color colors[256];
  png_byte opacities[256];
  int translucent = 0;
  if (header->colors < 1 || header->colors > 256) png_error(png, "a palette has 1 to 256 colors");
  for (int i = 0; i < header->colors; i++) {
    const uint8_t *entry = header->palette + 4 * i;
    colors[i] = (png_color){entry[0], entry[1], entry[2]};
    opacities[i] = entry[3];
    if (entry[3] != 255) translucent = i + 1;
  }
  png_set_PLTE(png, info, colors, header->colors);
  if (translucent > 0) png_set_tRNS(png, info, opacities, translucent, NULL);
}

static void set_texts(png_structp png, png_infop info, const cpng_header *header) {
  for (int i = 0; i < header->text_count; i++) {
    png_text text = {
        .compression = PNG_ITXT_COMPRESSION_NONE,
        .key = (png_charp)header->texts[i].keyword,
        .text = (png_charp)header->texts[i].text,
        .itxt_length = strlen(header->texts[i].text),
        .lang = (png_charp) "",
        .lang_key = (png_charp) "",
    };
    png_set_text(png, info, &text, 1);
  }
}

static void write_header(cpng_writer *writer, const cpng_header *header) {
  static const int types[] = {PNG_COLOR_TYPE_PALETTE, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  png_structp png = writer->png;
  if (setjmp(png_jmpbuf(png))) return;
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_write_fn(png, writer, put, flush);
  png_set_IHDR(png, writer->info, header->width, header->height, 8, types[header->color],
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE | PNG_FILTER_UP);
  png_set_compression_level(png, 6);
  if (header->color == CPNG_PALETTE) set_palette(png, writer->info, header);
  if (header->resolution > 0)
    png_set_pHYs(png, writer->info, header->resolution, header->resolution, PNG_RESOLUTION_METER);
  set_texts(png, writer->info, header);
  png_write_info(png, writer->info);
}

cpng_writer *cpng_create(const cpng_header *header, cpng_write write, void *context) {
  cpng_writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) return NULL;
  writer->write = write;
  writer->context = context;
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, fail, ignore);
  writer->info = writer->png == NULL ? NULL : png_create_info_struct(writer->png);
  if (writer->info == NULL) {
    cpng_destroy(writer);
    return NULL;
  }
  write_header(writer, header);
  return writer;
}

int cpng_row(cpng_writer *writer, const uint8_t *pixels, int resembles_last) {
  if (writer->message[0] != 0) return -1;
  if (setjmp(png_jmpbuf(writer->png))) return -1;
  // What repeats becomes zeros, which pack best; noise packs best as it is.
  png_set_filter(writer->png, PNG_FILTER_TYPE_BASE,
                 resembles_last ? PNG_FILTER_UP : PNG_FILTER_NONE);
  png_write_row(writer->png, pixels);
  return 0;
}

int cpng_finish(cpng_writer *writer) {
  if (writer->message[0] != 0) return -1;
  if (setjmp(png_jmpbuf(writer->png))) return -1;
  png_write_end(writer->png, NULL);
  return 0;
}

const char *cpng_message(const cpng_writer *writer) { return writer->message; }

void cpng_destroy(cpng_writer *writer) {
  if (writer == NULL) return;
  png_destroy_write_struct(&writer->png, &writer->info);
  free(writer);
}

static int begin(png_image *image, const uint8_t *bytes, size_t count) {
  memset(image, 0, sizeof *image);
  image->version = PNG_IMAGE_VERSION;
  return png_image_begin_read_from_memory(image, bytes, count);
}

int cpng_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height) {
  png_image image;
  if (!begin(&image, bytes, count)) return -1;
  *width = image.width;
  *height = image.height;
  png_image_free(&image);
  return 0;
}

int cpng_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t room) {
  png_image image;
  if (!begin(&image, bytes, count)) return -1;
  image.format = PNG_FORMAT_RGBA;
  if ((uint64_t)image.width * image.height * 4 != room) {
    png_image_free(&image);
    return -1;
  }
  return png_image_finish_read(&image, NULL, pixels, 0, NULL) ? 0 : -1;
}

const char *cpng_version(void) { return png_get_libpng_ver(NULL); }
