#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// What a format of packed parameters can do: see blocks.inc.
typedef struct {
  /// Numbers in a block.
  size_t numbers;
  /// Bytes of a block.
  size_t bytes;
  /// Writes `count` numbers, a multiple of a block's.
  void (*widen)(const uint8_t *blocks, float *out, size_t count);
  /// out[i] += row · x for `rows` rows of `count` numbers, `stride` bytes apart. Row i stands in
  /// place order[i], or i without an order. `sums` are those of every 16 numbers of x.
  void (*multiply)(const uint8_t *start, size_t stride, const uint32_t *order, size_t rows,
                   size_t count, const float *x, const float *sums, float *out);
  /// The same for four rows of x, one behind the other, and of out, `out_stride` numbers apart.
  void (*multiply_four)(const uint8_t *start, size_t stride, const uint32_t *order, size_t rows,
                        size_t count, const float *x, float *out, size_t out_stride);
} CBlockKernels;

/// Row kernels, compiled for several instruction sets; the best one that the processor has is
/// chosen once. Results differ between instruction sets in the last bits only.
typedef struct {
  /// out[i] = exp((in[i] - max) * inverse_temperature) / sum, over `count` > 0 numbers.
  void (*softmax)(const float *in, float *out, size_t count, float inverse_temperature);
  /// out = (in - mean) / sqrt(variance + epsilon) * scale + shift, variance biased.
  void (*layer_norm)(const float *in, float *out, size_t count, float epsilon,
                     const float *scale, const float *shift);
  /// out = in / sqrt(mean(in^2) + epsilon) * scale.
  void (*rms_norm)(const float *in, float *out, size_t count, float epsilon,
                   const float *scale);
  /// x/2 (1 + erf(x / sqrt 2)).
  void (*gelu)(const float *in, float *out, size_t count);
  /// x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
  void (*gelu_tanh)(const float *in, float *out, size_t count);
  /// x / (1 + exp(-x)).
  void (*silu)(const float *in, float *out, size_t count);
  /// out[i] = a[i] * b[i].
  void (*multiply)(const float *a, const float *b, float *out, size_t count);
  /// out[i] = a[i] + b[i].
  void (*add)(const float *a, const float *b, float *out, size_t count);
  /// The sum of every 16 numbers, and of the rest.
  void (*sums)(const float *x, float *out, size_t count);
  /// The formats of packed parameters: F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K,
  /// Q4_K, Q5_K, Q6_K.
  const CBlockKernels *formats;
} CKernelTable;

/// The kernels for this processor.
const CKernelTable *ckernels(void);

#endif
