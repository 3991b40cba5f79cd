internal import CPNG

/// The pixels of two PNG files beside each other.
enum PNGPixels {
  /// What differs from the picture drawn again, nothing or one sentence.
  ///
  /// - Throws: `DrawingError` of kind `badFile` when one cannot be read.
  static func differences(of old: [UInt8], from new: [UInt8]) throws -> [String] {
    let (before, now) = (try size(old), try size(new))
    guard before == now else {
      return ["it has \(before.x) × \(before.y) pixels, now \(now.x) × \(now.y)"]
    }
    // The size is that of our own picture: what an old file claims is not trusted.
    let (a, b) = (try pixels(old, before), try pixels(new, now))
    var count = 0
    var (first, last) = (before, SIMD2(0, 0))
    for index in 0..<before.x * before.y where a.differs(from: b, at: index) {
      let place = SIMD2(index % before.x, index / before.x)
      count += 1
      first.replace(with: place, where: place .< first)
      last.replace(with: place, where: place .> last)
    }
    guard count > 0 else { return [] }
    return [
      "\(count) of \(before.x * before.y) pixels differ, from (\(first.x), \(first.y)) to "
        + "(\(last.x), \(last.y))"
    ]
  }

  /// What differs between two embedded pictures.
  static func change(of old: [UInt8], from new: [UInt8]) -> String? {
    do {
      return try differences(of: old, from: new).first
    } catch {
      return "\(error)"
    }
  }

  private static func size(_ bytes: [UInt8]) throws -> SIMD2<Int> {
    var (width, height) = (UInt32(0), UInt32(0))
    guard cpng_size(bytes, bytes.count, &width, &height) == 0 else { throw damaged }
    return SIMD2(Int(width), Int(height))
  }

  private static func pixels(_ bytes: [UInt8], _ size: SIMD2<Int>) throws -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: 4 * size.x * size.y)
    guard cpng_pixels(bytes, bytes.count, &pixels, pixels.count) == 0 else { throw damaged }
    return pixels
  }

  private static var damaged: DrawingError {
    DrawingError(.badFile, "the PNG is damaged; take an undamaged copy")
  }
}

extension [UInt8] {
  /// Whether a pixel of four bytes differs by more than the levels that are accepted.
  fileprivate func differs(from other: [UInt8], at pixel: Int) -> Bool {
    for byte in 4 * pixel..<4 * pixel + 4
    where abs(Int(self[byte]) - Int(other[byte])) > Tolerance.levels { return true }
    return false
  }
}
