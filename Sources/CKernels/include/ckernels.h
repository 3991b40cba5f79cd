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

/// The numbers of a step of AdamW: see `adam`.
typedef struct {
  float gradient_scale;
  float first_decay;
  float second_decay;
  /// 1 / sqrt(1 - second_decay^t).
  float second_correction;
  float epsilon;
  /// What is left of a parameter before the step: 1 - rate * decay.
  float keep;
  /// The learning rate over 1 - first_decay^t.
  float rate;
} CAdamStep;

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
  /// out[i] = gradient[i] times the slope of GELU at in[i].
  void (*gelu_gradient)(const float *in, const float *gradient, float *out, size_t count);
  /// The same of its approximation with tanh.
  void (*gelu_tanh_gradient)(const float *in, const float *gradient, float *out, size_t count);
  /// The same of SiLU.
  void (*silu_gradient)(const float *in, const float *gradient, float *out, size_t count);
  /// out[i] = weights[i] (gradient[i] - sum of weights * gradient) * inverse_temperature.
  void (*softmax_gradient)(const float *weights, const float *gradient, float *out, size_t count,
                           float inverse_temperature);
  /// The gradient of a normalised row; adds to those of the scale and the shift where they are
  /// asked for. `centers` is 1 for layer_norm and 0 for rms_norm.
  void (*norm_gradient)(const float *in, const float *gradient, const float *scale, float *out,
                        float *scale_sum, float *shift_sum, size_t count, float epsilon,
                        int centers);
  /// One step of AdamW for `count` parameters; the moments are updated in place.
  void (*adam)(const CAdamStep *step, const float *in, const float *gradient, float *first,
               float *second, float *out, size_t count);
} CKernelTable;

/// The kernels for this processor.
const CKernelTable *ckernels(void);

/// The instruction set that was chosen: AVX-512, AVX2, or the baseline of the processor's kind.
const char *ckernels_name(void);

#endif
