internal import CKernels

extension Tensor {
  /// Layer normalisation of every row: (x − mean) / √(variance + ε) · scale + shift, with the
  /// biased variance (Ba et al. 2016, eq. 3–4).
  ///
  /// - Precondition: `scale` and `shift` are as wide as a row.
  public func layerNormalized(scale: Tensor, shift: Tensor, epsilon: Float) -> Tensor {
    precondition(scale.count == width && shift.count == width, "norm \(scale.shape) of \(shape)")
    let size = width
    return Tensor(shape: shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      let kernel = ckernels().pointee.layer_norm
      Threads.forRanges(rows, cost: size) { part in
        withNumbers { x in
          scale.withNumbers { scale in
            shift.withNumbers { shift in
              for row in part {
                kernel?(
                  x.baseAddress?.advanced(by: row * size), target.pointer + row * size, size,
                  epsilon, scale.baseAddress, shift.baseAddress)
              }
            }
          }
        }
      }
    }
  }

  /// Root-mean-square normalisation of every row: x / √(mean(x²) + ε) · scale (Zhang & Sennrich
  /// 2019, eq. 4).
  ///
  /// - Precondition: `scale` is as wide as a row.
  public func rmsNormalized(scale: Tensor, epsilon: Float) -> Tensor {
    precondition(scale.count == width, "norm \(scale.shape) of \(shape)")
    let size = width
    return Tensor(shape: shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      let kernel = ckernels().pointee.rms_norm
      Threads.forRanges(rows, cost: size) { part in
        withNumbers { x in
          scale.withNumbers { scale in
            for row in part {
              kernel?(
                x.baseAddress?.advanced(by: row * size), target.pointer + row * size, size,
                epsilon, scale.baseAddress)
            }
          }
        }
      }
    }
  }
}
