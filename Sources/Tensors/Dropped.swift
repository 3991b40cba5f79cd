extension Tensor {
  /// Every number set to 0 with a probability of `rate`, the others divided by 1 − rate; an equal
  /// key leaves out the same ones.
  package func dropped(rate: Float, key: UInt64) -> Tensor {
    guard rate > 0 else { return self }
    let factors = Self.dropoutFactors(shape, rate: rate, key: key)
    return self * factors
  }

  /// 0 or 1 / (1 − rate): a random number of 16 bits for each, four from one of 64 bits that mixes
  /// the key and the place.
  private static func dropoutFactors(_ shape: [Int], rate: Float, key: UInt64) -> Tensor {
    let limit = UInt64((Double(rate) * 65_536).rounded())
    let kept = 1 / (1 - Float(limit) / 65_536)
    return Tensor(shape: shape) { out in
      for start in stride(from: 0, to: out.count, by: 4) {
        var random = SplitMix64(state: key &+ UInt64(start) &* 0x2545_F491_4F6C_DD1D)
        var bits = random.next()
        for place in start..<min(start + 4, out.count) {
          out[place] = bits & 0xFFFF < limit ? 0 : kept
          bits >>= 16
        }
      }
    }
  }
}
