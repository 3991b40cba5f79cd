extension Tensor {
  /// The rows at the given places, `[places, width]`: an embedding look-up.
  ///
  /// - Precondition: Every place is a row.
  public func gatheringRows(_ places: [Int]) -> Tensor {
    let size = width
    return Tensor(shape: [places.count, size]) { out in
      withNumbers { numbers in
        for (row, place) in places.enumerated() {
          precondition(place >= 0 && place < rows, "row \(place) of \(rows)")
          _ = UnsafeMutableBufferPointer(rebasing: out[row * size..<(row + 1) * size])
            .update(fromContentsOf: numbers[place * size..<(place + 1) * size])
        }
      }
    }
  }

  /// The rows of a range, `[range, width]`.
  public func rows(_ range: Range<Int>) -> Tensor {
    gatheringRows(Array(range))
  }
}
