internal import CKernels

extension Tensor {
  /// The rows at the given places, `[places, width]`: an embedding look-up.
  ///
  /// - Precondition: Every place is a row.
  public func gatheringRows(_ places: [Int]) -> Tensor {
    let size = width
    let result = Tensor(shape: [places.count, size]) { out in
      withNumbers { numbers in
        for (row, place) in places.enumerated() {
          precondition(place >= 0 && place < rows, "row \(place) of \(rows)")
          _ = UnsafeMutableBufferPointer(rebasing: out[row * size..<(row + 1) * size])
            .update(fromContentsOf: numbers[place * size..<(place + 1) * size])
        }
      }
    }
    guard isTracked else { return result }
    let whole = count
    return result.derived(from: [self]) { gradient, inputs in
      inputs[0]?.addToSome(whole) { out in
        gradient.addRows(to: places.map { out + $0 * size })
      }
    }
  }

  /// Adds every row to the numbers at a place.
  func addRows(to places: [UnsafeMutablePointer<Float>]) {
    withNumbers { numbers in
      for (row, place) in places.enumerated() {
        ckernels().pointee.add(
          place, numbers.baseAddress?.advanced(by: row * width), place, width)
      }
    }
  }

  /// The rows of a range, `[range, width]`.
  public func rows(_ range: Range<Int>) -> Tensor {
    gatheringRows(Array(range))
  }

  /// Puts tensors under each other: `[…, nᵢ, mᵢ]` to `[…, Σ nᵢ, max mᵢ]`, shorter rows filled up
  /// with 0 at their end.
  ///
  /// - Precondition: There is a tensor, all have two axes or all have three, and the first of
  ///   three is equal.
  public static func stacking(_ parts: [Tensor]) -> Tensor {
    let heads = parts[0].shape.count == 3 ? parts[0].shape[0] : 1
    precondition(
      parts.allSatisfy {
        $0.shape.count == parts[0].shape.count && ($0.shape.count == 2 || $0.shape[0] == heads)
      }, "\(parts.map(\.shape)) do not stack")
    let height = parts.reduce(0) { $0 + $1.rows / max(heads, 1) }
    let size = parts.reduce(0) { max($0, $1.width) }
    let shape = parts[0].shape.dropLast(2) + [height, size]
    let result = Tensor(shape: Array(shape)) { out in
      out.update(repeating: 0)
      guard let target = out.baseAddress else { return }
      var first = 0
      for part in parts {
        let n = part.rows / max(heads, 1)
        part.withNumbers { numbers in
          guard let from = numbers.baseAddress else { return }
          for row in 0..<heads * n {
            (target + (row / n * height + first + row % n) * size)
              .update(from: from + row * part.width, count: part.width)
          }
        }
        first += n
      }
    }
    guard parts.contains(where: \.isTracked) else { return result }
    return result.derived(from: parts) { [shapes = parts.map(\.shape)] gradient, inputs in
      var first = 0
      for (input, shape) in zip(inputs, shapes) {
        let n = shape[shape.count - 2]
        input?.add(
          gradient.block(rows: first..<first + n, of: height, shape: shape))
        first += n
      }
    }
  }

  /// Some rows of each head, and of them the first numbers: what `stacking` puts under others.
  func block(rows: Range<Int>, of height: Int, shape: [Int]) -> Tensor {
    let (n, size, all) = (rows.count, shape[shape.count - 1], width)
    return Tensor(shape: shape) { out in
      withNumbers { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress else { return }
        for row in 0..<(size == 0 ? 0 : out.count / size) {
          let place = row / n * height + rows.lowerBound + row % n
          (to + row * size).update(from: from + place * all, count: size)
        }
      }
    }
  }
}
