internal import CKernels
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Tensor {
  /// The sum of two tensors of one shape.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let sum = combine(a, b, ckernels().pointee.add)
    guard a.isTracked || b.isTracked else { return sum }
    return sum.derived(from: [a, b]) { gradient, inputs in
      for input in inputs { input?.add(gradient) }
    }
  }

  /// The product of two tensors of one shape, number by number.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let product = combine(a, b, ckernels().pointee.multiply)
    guard a.isTracked || b.isTracked else { return product }
    return product.derived(from: [a, b]) { [a = a.detached, b = b.detached] gradient, inputs in
      inputs[0]?.add(gradient * b)
      inputs[1]?.add(gradient * a)
    }
  }

  private static func combine(
    _ a: Tensor, _ b: Tensor,
    _ kernel: (
      @convention(c) (
        UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
      ) -> Void
    )?
  ) -> Tensor {
    precondition(a.shape == b.shape, "\(a.shape) with \(b.shape)")
    return Tensor(shape: a.shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forRanges(a.count, cost: 1) { part in
        a.withNumbers { x in
          b.withNumbers { y in
            kernel?(
              x.baseAddress?.advanced(by: part.lowerBound),
              y.baseAddress?.advanced(by: part.lowerBound), target.pointer + part.lowerBound,
              part.count)
          }
        }
      }
    }
  }

  /// x/2 · (1 + erf(x/√2)) (Hendrycks & Gimpel 2016); absolute error below 1e-6 for |x| < 8.
  public func gelu() -> Tensor {
    mapped(ckernels().pointee.gelu, slope: ckernels().pointee.gelu_gradient)
  }

  /// x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³))), GELU's approximation in GPT-2.
  public func geluTanh() -> Tensor {
    mapped(ckernels().pointee.gelu_tanh, slope: ckernels().pointee.gelu_tanh_gradient)
  }

  /// x / (1 + exp(−x)), also called swish.
  public func silu() -> Tensor {
    mapped(ckernels().pointee.silu, slope: ckernels().pointee.silu_gradient)
  }

  /// max(x, 0), whose slope at 0 is 0.
  public func relu() -> Tensor {
    map { max($0, 0) }.following(self) { x, _ in x.map { $0 > 0 ? 1 : 0 } }
  }

  /// tanh(x).
  public func tanh() -> Tensor {
    map { tanhf($0) }.following(self) { _, y in y.map { 1 - $0 * $0 } }
  }

  /// cap · tanh(x / cap): nearly x where it is small, and never beyond the cap (Gemma Team 2024,
  /// "Gemma 2").
  public func capped(at cap: Float) -> Tensor {
    map { cap * tanhf($0 / cap) }.following(self) { _, y in
      y.map { 1 - ($0 / cap) * ($0 / cap) }
    }
  }

  /// Every number times a factor.
  public func scaled(by factor: Float) -> Tensor {
    let result = map { $0 * factor }
    guard isTracked else { return result }
    return result.derived(from: [self]) { gradient, inputs in
      inputs[0]?.add(gradient.scaled(by: factor))
    }
  }

  /// This tensor as a function of `x`, number by number.
  ///
  /// - Parameter slope: The slopes, from `x` and from what the function made of it.
  private func following(
    _ x: Tensor, _ slope: @escaping @Sendable (_ x: Tensor, _ y: Tensor) -> Tensor
  ) -> Tensor {
    guard x.isTracked else { return self }
    return derived(from: [x]) { [x = x.detached, y = self] gradient, inputs in
      inputs[0]?.add(gradient * slope(x, y))
    }
  }

  private func map(_ function: @Sendable (Float) -> Float) -> Tensor {
    Tensor(shape: shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forRanges(count, cost: 4) { part in
        withNumbers { numbers in
          for index in part { target.pointer[index] = function(numbers[index]) }
        }
      }
    }
  }

  private typealias Kernel =
    @convention(c) (
      UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
    ) -> Void

  private typealias Slope =
    @convention(c) (
      UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
    ) -> Void

  private func mapped(_ kernel: Kernel?, slope: Slope?) -> Tensor {
    let result = mapped(kernel)
    guard isTracked else { return result }
    return result.derived(from: [self]) { [x = detached] gradient, inputs in
      inputs[0]?.add(Self.combine(x, gradient, slope))
    }
  }

  private func mapped(_ kernel: Kernel?) -> Tensor {
    Tensor(shape: shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forRanges(count, cost: 4) { part in
        withNumbers { numbers in
          kernel?(
            numbers.baseAddress?.advanced(by: part.lowerBound), target.pointer + part.lowerBound,
            part.count)
        }
      }
    }
  }
}
