extension Tensor {
  /// scale · q · kᵀ head by head: `[heads, n, d]` and `[groups, m, d]` to `[heads, n, m]`.
  ///
  /// Consecutive query heads share a key head when there are fewer of those.
  ///
  /// - Parameters:
  ///   - keys: k, `[groups, m, d]`.
  ///   - scale: The factor, 1/√d as a rule.
  ///   - texts: How many texts there are, of every head one behind the other: heads and groups are
  ///     counted times as often then.
  public func headwiseProducts(with keys: GrowingRows, scale: Float, texts: Int = 1) -> Tensor {
    let (n, d, m) = (shape[1], shape[2], keys.count)
    precondition(keys.width == d, "\(shape) with \(m) keys of width \(keys.width)")
    let products = headwise(keys, width: m, texts) { q, k, out in
      BLAS.multiply(
        .init(start: q, stride: d), .init(start: k, stride: d, isTransposed: true), into: out,
        stride: m, m: n, n: m, k: d, scale: scale)
    }
    guard isTracked || keys.node != nil else { return products }
    return products.derived(from: [node, keys.node]) {
      [q = detached, keys = keys.detached] gradient, inputs in
      inputs[0]?.add(
        gradient.headwise(keys, width: d, texts) { change, k, out in
          BLAS.multiply(
            .init(start: change, stride: m), .init(start: k, stride: d), into: out, stride: d,
            m: n, n: d, k: m, scale: scale)
        })
      inputs[1].map { gradient.addHeadwise(q, groups: keys.heads, texts, scale, to: $0) }
    }
  }

  /// The same with keys that do not grow.
  public func headwiseProducts(with keys: Tensor, scale: Float) -> Tensor {
    headwiseProducts(with: GrowingRows(keys), scale: scale)
  }

  /// a · v head by head: `[heads, n, m]` and `[groups, m, d]` to `[heads, n, d]`.
  ///
  /// - Parameters:
  ///   - values: v, `[groups, m, d]`.
  ///   - texts: See `headwiseProducts`.
  public func headwiseMix(of values: GrowingRows, texts: Int = 1) -> Tensor {
    let (n, m, d) = (shape[1], shape[2], values.width)
    precondition(values.count == m, "\(shape) of \(values.count) values")
    let mix = headwise(values, width: d, texts) { a, v, out in
      BLAS.multiply(
        .init(start: a, stride: m), .init(start: v, stride: d), into: out, stride: d, m: n, n: d,
        k: m)
    }
    guard isTracked || values.node != nil else { return mix }
    return mix.derived(from: [node, values.node]) {
      [a = detached, values = values.detached] gradient, inputs in
      inputs[0]?.add(
        gradient.headwise(values, width: m, texts) { change, v, out in
          BLAS.multiply(
            .init(start: change, stride: d), .init(start: v, stride: d, isTransposed: true),
            into: out, stride: m, m: n, n: m, k: d)
        })
      inputs[1].map { a.addHeadwise(gradient, groups: values.heads, texts, 1, to: $0) }
    }
  }

  /// The same with values that do not grow.
  public func headwiseMix(of values: Tensor) -> Tensor {
    headwiseMix(of: GrowingRows(values))
  }

  /// The group that a head belongs to.
  private func group(_ head: Int, of groups: Int, _ texts: Int) -> Int {
    head / texts * (groups / texts) / (shape[0] / texts) * texts + head % texts
  }

  /// Computes `[heads, n, width]` from the matrices of each head and of its group, heads in
  /// parallel where a head is worth it.
  private func headwise(
    _ shared: GrowingRows, width: Int, _ texts: Int,
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
            shared.withRows(of: group(head, of: groups, texts)) { other in
              product(own, other, target.pointer + head * n * width)
            }
          }
        }
      }
    }
  }

  /// Adds scale · aᵀ · b of every head to what its group has: this is a, `[heads, n, m]`, and b is
  /// `[heads, n, d]`.
  private func addHeadwise(
    _ b: Tensor, groups: Int, _ texts: Int, _ scale: Float, to sink: GradientSink
  ) {
    let (n, m, d) = (shape[1], shape[2], b.shape[2])
    sink.addToSome(groups * m * d) { out in
      for head in 0..<shape[0] {
        withRows(of: head) { own in
          b.withRows(of: head) { other in
            BLAS.multiply(
              .init(start: own, stride: m, isTransposed: true), .init(start: other, stride: d),
              into: out + group(head, of: groups, texts) * m * d, stride: d, m: m, n: d, k: n,
              scale: scale, keep: 1)
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
    let result = Tensor(shape: [heads, n, d]) { out in
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
    guard isTracked else { return result }
    return result.derived(from: [self]) { gradient, inputs in
      inputs[0]?.add(gradient.joinedHeads())
    }
  }

  /// Puts heads side by side: `[heads, n, d]` to `[n, heads · d]`.
  public func joinedHeads() -> Tensor {
    let (heads, n, d) = (shape[0], shape[1], shape[2])
    if n == 1 { return reshaped([n, heads * d]) }
    let result = Tensor(shape: [n, heads * d]) { out in
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
    guard isTracked else { return result }
    return result.derived(from: [self]) { gradient, inputs in
      inputs[0]?.add(gradient.splitIntoHeads(heads))
    }
  }
}
