#include "ckernels.h"

#pragma clang fp contract(fast)

#define W 4
#define NAME(x) baseline_##x
#define TARGET
#include "rows.inc"

#if defined(__x86_64__)
#define W 8
#define NAME(x) avx2_##x
#define TARGET __attribute__((target("avx2,fma")))
#include "rows.inc"

#define W 16
#define NAME(x) avx512_##x
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma")))
#include "rows.inc"
#endif

const CKernelTable *ckernels(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    return &avx512_table;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2_table;
#endif
  return &baseline_table;
}
