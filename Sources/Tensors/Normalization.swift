internal import CKernels

extension Tensor {
  /// Layer normalisation of every row: (x − mean) / √(variance + ε) · scale + shift, with the
  /// biased variance (Ba et al. 2016, eq. 3–4).
  ///
  /// - Precondition: `scale` and `shift` are as wide as a row.
  public func layerNormalized(scale: Tensor, shift: Tensor, epsilon: Float) -> Tensor {
    precondition(shift.count == width, "norm \(shift.shape) of \(shape)")
    let kernel = ckernels().pointee.layer_norm
    let result = rowsNormalized(by: scale) { row, out, scale in
      shift.withNumbers { kernel?(row, out, $0.count, epsilon, scale, $0.baseAddress) }
    }
    return following(result, scale, shift, epsilon)
  }

  /// Root-mean-square normalisation of every row: x / √(mean(x²) + ε) · scale (Zhang & Sennrich
  /// 2019, eq. 4).
  ///
  /// - Precondition: `scale` is as wide as a row.
  public func rmsNormalized(scale: Tensor, epsilon: Float) -> Tensor {
    let (kernel, size) = (ckernels().pointee.rms_norm, width)
    let result = rowsNormalized(by: scale) { row, out, scale in
      kernel?(row, out, size, epsilon, scale)
    }
    return following(result, scale, nil, epsilon)
  }

  /// What was normalised as a function of the rows, the scale and the shift: with n = (x − mean)/σ
  /// and g = gradient · scale, the rows' gradient is (g − mean(g) − n · mean(g n))/σ; without a
  /// shift nothing was centred.
  private func following(
    _ result: Tensor, _ scale: Tensor, _ shift: Tensor?, _ epsilon: Float
  ) -> Tensor {
    guard isTracked || scale.isTracked || shift?.isTracked == true else { return result }
    let (size, centers) = (width, shift != nil)
    return result.derived(from: [self, scale, shift]) {
      [x = detached, scale = scale.detached] gradient, inputs in
      let sums = Storage(count: 2 * size)
      sums.start.update(repeating: 0, count: 2 * size)
      let change = Tensor(shape: x.shape) { out in
        x.withNumbers { x in
          gradient.withNumbers { gradient in
            scale.withNumbers { scale in
              for row in stride(from: 0, to: x.count, by: size) {
                ckernels().pointee.norm_gradient(
                  x.baseAddress?.advanced(by: row), gradient.baseAddress?.advanced(by: row),
                  scale.baseAddress, out.baseAddress?.advanced(by: row), sums.start,
                  centers ? sums.start + size : nil, size, epsilon, centers ? 1 : 0)
              }
            }
          }
        }
      }
      inputs[0]?.add(change)
      inputs[1]?.addToSome(size) { ckernels().pointee.add($0, sums.start, $0, size) }
      inputs[2]?.addToSome(size) { ckernels().pointee.add($0, sums.start + size, $0, size) }
    }
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
