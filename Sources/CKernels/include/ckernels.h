#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>

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
} CKernelTable;

/// The kernels for this processor.
const CKernelTable *ckernels(void);

#endif
