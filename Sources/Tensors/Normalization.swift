internal import CKernels

extension Tensor {
  /// Layer normalisation of every row: (x − mean) / √(variance + ε) · scale + shift, with the
  /// biased variance (Ba et al. 2016, eq. 3–4).
  ///
  /// - Precondition: `scale` and `shift` are as wide as a row.
  public func layerNormalized(scale: Tensor, shift: Tensor, epsilon: Float) -> Tensor {
    precondition(shift.count == width, "norm \(shift.shape) of \(shape)")
    let kernel = ckernels().pointee.layer_norm
    return rowsNormalized(by: scale) { row, out, scale in
      shift.withNumbers { kernel?(row, out, $0.count, epsilon, scale, $0.baseAddress) }
    }
  }

  /// Root-mean-square normalisation of every row: x / √(mean(x²) + ε) · scale (Zhang & Sennrich
  /// 2019, eq. 4).
  ///
  /// - Precondition: `scale` is as wide as a row.
  public func rmsNormalized(scale: Tensor, epsilon: Float) -> Tensor {
    let (kernel, size) = (ckernels().pointee.rms_norm, width)
    return rowsNormalized(by: scale) { row, out, scale in kernel?(row, out, size, epsilon, scale) }
  }

  /// Calls `body` with every row, where its result goes, and the scale.
  private func rowsNormalized(
    by scale: Tensor,
    _ body:
      @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) -> Tensor {
    let size = width
    precondition(scale.count == size, "norm \(scale.shape) of \(shape)")
    return Tensor(shape: shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forRanges(rows, cost: size) { part in
        withNumbers { x in
          scale.withNumbers { scale in
            guard let x = x.baseAddress, let scale = scale.baseAddress else { return }
            for row in part { body(x + row * size, target.pointer + row * size, scale) }
          }
        }
      }
    }
  }
}
