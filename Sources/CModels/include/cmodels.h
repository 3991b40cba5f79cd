#ifndef CMODELS_H
#define CMODELS_H

#include <stddef.h>

/// A file of a model that is a part of the program.
typedef struct {
  /// The model.
  const char *model;
  /// The file's name in the model's folder.
  const char *name;
  /// Its bytes, at a multiple of 64: mapped with the program, read when they are touched.
  const unsigned char *bytes;
  size_t size;
} CModelFile;

/// The files of all models, model by model, the default model first.
extern const CModelFile *const cmodels_files;

/// How many there are.
extern const size_t cmodels_count;

#endif
