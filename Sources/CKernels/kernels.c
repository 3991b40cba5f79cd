#include "ckernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Vectors of 16, whatever the registers hold.
typedef uint8_t SixteenBytes __attribute__((vector_size(16)));
typedef int8_t SixteenSigned __attribute__((vector_size(16)));
typedef uint16_t Sixteen16 __attribute__((vector_size(32)));
typedef int32_t SixteenInts __attribute__((vector_size(64)));
typedef uint32_t Sixteen32 __attribute__((vector_size(64)));

// An IEEE 754 half as a float: multiplying moves the exponent, also of what is subnormal.
static inline float half_by_bits(const uint8_t *p) {
  uint16_t h;
  __builtin_memcpy(&h, p, sizeof h);
  uint32_t size = (uint32_t)(h & 0x7FFF) << 13, bits;
  float value;
  __builtin_memcpy(&value, &size, sizeof value);
  value *= 0x1p112f;
  __builtin_memcpy(&bits, &value, sizeof bits);
  if (size >= 0x0F800000) bits = size | 0x7F800000;
  bits |= (uint32_t)(h & 0x8000) << 16;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

#pragma clang fp contract(fast)

#define W 4
#define NAME(x) baseline_##x
#define TARGET
#include "rows.inc"

#if defined(__x86_64__)
#define HAS_F16C
#define W 8
#define NAME(x) avx2_##x
#define TARGET __attribute__((target("avx2,fma,f16c")))
#include "rows.inc"

#define W 16
#define NAME(x) avx512_##x
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma,f16c")))
#include "rows.inc"
#endif

const char *ckernels_name(void) {
  const CKernelTable *chosen = ckernels();
#if defined(__x86_64__)
  if (chosen == &avx512_table) return "AVX-512";
  if (chosen == &avx2_table) return "AVX2";
#endif
  return chosen == &baseline_table ? "baseline" : "";
}

const CKernelTable *ckernels(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    return &avx512_table;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("f16c"))
    return &avx2_table;
#endif
  return &baseline_table;
}
