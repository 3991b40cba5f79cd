// Puts the files of the small models that come with attnviz into the program.
//
// A model is a folder beside this file. What is not there is left out, so a program without models
// can be built; touch this file after a folder has appeared or gone.

#include "cmodels.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#define JOINED(a, b) a##b
#define JOIN(a, b) JOINED(a, b)
#define QUOTED(x) #x
#define QUOTE(x) QUOTED(x)
#define PLACE(file) QUOTE(FOLDER/file)

#define BYTES
#define ID gpt
#define FOLDER tiny-gpt
#include "model.inc"
#define ID bert
#define FOLDER tiny-bert
#include "model.inc"
#define ID speller
#define FOLDER tiny-speller
#include "model.inc"
#undef BYTES

static const CModelFile files[] = {
#define ID gpt
#define FOLDER tiny-gpt
#include "model.inc"
#define ID bert
#define FOLDER tiny-bert
#include "model.inc"
#define ID speller
#define FOLDER tiny-speller
#include "model.inc"
    {NULL, NULL, NULL, 0},
};

const CModelFile *const cmodels_files = files;
const size_t cmodels_count = sizeof files / sizeof *files - 1;
