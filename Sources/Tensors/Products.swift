extension Tensor {
  /// x · W + b for every row: `[n, inputs]` to `[n, outputs]`.
  ///
  /// - Precondition: The row width is the matrix's inputs; `bias` is `[outputs]`.
  public func times(_ matrix: Matrix, adding bias: Tensor? = nil) -> Tensor {
    precondition(width == matrix.inputs, "\(shape) times [\(matrix.inputs), \(matrix.outputs)]")
    precondition(bias == nil || bias?.count == matrix.outputs, "a bias for every output")
    let (n, outputs) = (rows, matrix.outputs)
    let sums = matrix.sums(of: self)
    return Tensor(shape: [n, outputs]) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      let pieces = Self.pieces(of: outputs, cost: n * width)
      Threads.forEach(pieces.count) { piece in
        let part = pieces[piece]
        let place = target.pointer + part.lowerBound
        Self.fill(place, n, outputs, part, with: bias)
        withNumbers { x in
          guard let x = x.baseAddress else { return }
          matrix.multiply(
            LeftSide(start: x, rows: n, width: width, sums: sums), outputs: part, into: place,
            stride: outputs, adds: bias != nil)
        }
      }
    }
  }

  /// Cuts output columns of `cost` products each into balanced ranges, the same ones for every
  /// number of threads. To wake another thread takes as long as some 100,000 products.
  private static func pieces(of outputs: Int, cost: Int) -> [Range<Int>] {
    let most = max(outputs >= 64 ? 2 : 1, (outputs + 255) / 256)
    let count = max(1, min(most, outputs * cost / smallestPiece))
    return (0..<count).map { outputs * $0 / count..<outputs * ($0 + 1) / count }
  }

  private static let smallestPiece = 1 << 18

  private static func fill(
    _ out: UnsafeMutablePointer<Float>, _ rows: Int, _ stride: Int, _ part: Range<Int>,
    with bias: Tensor?
  ) {
    bias?.withNumbers { bias in
      guard let start = bias.baseAddress else { return }
      for row in 0..<rows {
        (out + row * stride).update(from: start + part.lowerBound, count: part.count)
      }
    }
  }

  /// scale · q · kᵀ head by head: `[heads, n, d]` and `[groups, m, d]` to `[heads, n, m]`.
  ///
  /// Consecutive query heads share a key head when there are fewer of those.
  public func headwiseProducts(with keys: GrowingRows, scale: Float) -> Tensor {
    let (n, d, m) = (shape[1], shape[2], keys.count)
    precondition(keys.width == d, "\(shape) with \(m) keys of width \(keys.width)")
    return headwise(keys, width: m) { q, k, out in
      BLAS.multiply(
        .init(start: q, stride: d), .init(start: k, stride: d, isTransposed: true), into: out,
        stride: m, m: n, n: m, k: d, scale: scale)
    }
  }

  /// The same with keys that do not grow.
  public func headwiseProducts(with keys: Tensor, scale: Float) -> Tensor {
    headwiseProducts(with: GrowingRows(keys), scale: scale)
  }

  /// a · v head by head: `[heads, n, m]` and `[groups, m, d]` to `[heads, n, d]`.
  public func headwiseMix(of values: GrowingRows) -> Tensor {
    let (n, m, d) = (shape[1], shape[2], values.width)
    precondition(values.count == m, "\(shape) of \(values.count) values")
    return headwise(values, width: d) { a, v, out in
      BLAS.multiply(
        .init(start: a, stride: m), .init(start: v, stride: d), into: out, stride: d, m: n, n: d,
        k: m)
    }
  }

  /// The same with values that do not grow.
  public func headwiseMix(of values: Tensor) -> Tensor {
    headwiseMix(of: GrowingRows(values))
  }

  /// Computes `[heads, n, width]` from the matrices of each head and of its group, heads in
  /// parallel where a head is worth it.
  private func headwise(
    _ shared: GrowingRows, width: Int,
    _ product:
      @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let (heads, n, groups) = (shape[0], shape[1], shared.heads)
    precondition(heads % groups == 0, "\(groups) groups of \(heads) heads")
    // A head of one row is a few microseconds' work: sixteen products a unit of cost.
    let cost = n == 1 ? shared.count * shared.width / 16 : .max
    return Tensor(shape: [heads, n, width]) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forRanges(heads, cost: cost) { part in
        for head in part {
          withRows(of: head) { own in
            shared.withRows(of: head * groups / heads) { other in
              product(own, other, target.pointer + head * n * width)
            }
          }
        }
      }
    }
  }

  private func withRows(of head: Int, _ body: (UnsafePointer<Float>) -> Void) {
    withNumbers { numbers in
      guard let start = numbers.baseAddress else { return }
      body(start + head * shape[1] * shape[2])
    }
  }

  /// Cuts every row into heads: `[n, heads · d]` to `[heads, n, d]`.
  public func splitIntoHeads(_ heads: Int) -> Tensor {
    let (n, d) = (rows, width / heads)
    if n == 1 { return reshaped([heads, n, d]) }
    return Tensor(shape: [heads, n, d]) { out in
      withNumbers { numbers in
        for head in 0..<heads {
          for row in 0..<n {
            let from = numbers[(row * heads + head) * d..<(row * heads + head + 1) * d]
            _ = UnsafeMutableBufferPointer(
              rebasing: out[(head * n + row) * d..<(head * n + row + 1) * d]
            )
            .update(fromContentsOf: from)
          }
        }
      }
    }
  }

  /// Puts heads side by side: `[heads, n, d]` to `[n, heads · d]`.
  public func joinedHeads() -> Tensor {
    let (heads, n, d) = (shape[0], shape[1], shape[2])
    if n == 1 { return reshaped([n, heads * d]) }
    return Tensor(shape: [n, heads * d]) { out in
      withNumbers { numbers in
        for head in 0..<heads {
          for row in 0..<n {
            let from = numbers[(head * n + row) * d..<(head * n + row + 1) * d]
            _ = UnsafeMutableBufferPointer(
              rebasing: out[(row * heads + head) * d..<(row * heads + head + 1) * d]
            ).update(fromContentsOf: from)
          }
        }
      }
    }
  }
}
