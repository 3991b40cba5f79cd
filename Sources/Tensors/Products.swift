extension Tensor {
  /// x · W + b for every row: `[n, inputs]` to `[n, outputs]`.
  ///
  /// - Precondition: The row width is the matrix's inputs; `bias` is `[outputs]`.
  public func times(_ matrix: Matrix, adding bias: Tensor? = nil) -> Tensor {
    precondition(width == matrix.inputs, "\(shape) times [\(matrix.inputs), \(matrix.outputs)]")
    precondition(bias == nil || bias?.count == matrix.outputs, "a bias for every output")
    let (n, outputs) = (rows, matrix.outputs)
    let sums = matrix.sums(of: self)
    let product = Tensor(shape: [n, outputs]) { out in
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
    guard isTracked || matrix.isTracked || bias?.isTracked == true else { return product }
    return product.derived(from: [node, matrix.node, bias?.node]) {
      [x = detached, matrix = matrix.detached] gradient, inputs in
      inputs[0]?.accumulate(x.count) { gradient.multiplyBack(matrix, into: $0, keep: $1) }
      if let parameters = inputs[1] {
        x.withRows { x in gradient.withRows { matrix.add(x, $0, to: parameters) } }
      }
      inputs[2]?.addToSome(outputs) { out in
        gradient.addRows(to: Array(repeating: out, count: n))
      }
    }
  }

  /// Calls `body` with all rows as the left side of a product.
  private func withRows(_ body: (LeftSide) -> Void) {
    withNumbers { numbers in
      guard let start = numbers.baseAddress else { return }
      body(LeftSide(start: start, rows: rows, width: width, sums: []))
    }
  }

  /// The gradient of x in x · W, by that of the product: this · Wᵀ.
  private func multiplyBack(
    _ matrix: Matrix, into out: UnsafeMutablePointer<Float>, keep: Float
  ) {
    let target = Shared(pointer: out)
    let pieces = Self.pieces(of: matrix.inputs, cost: rows * width)
    Threads.forEach(pieces.count) { piece in
      withRows { rows in
        matrix.multiplyBack(
          rows, inputs: pieces[piece], into: target.pointer + pieces[piece].lowerBound,
          stride: matrix.inputs, keep: keep)
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
}
