/// eˣ by additions and multiplications alone, so that every machine gives the same bits; the
/// mathematics library of a system does not promise that.
///
/// x = n ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor series of eʳ to the thirteenth power, whose
/// rest is below 5·10⁻¹⁸. The relative error is below 3·10⁻¹⁶ where the result is a normal number.
public func reproducibleExponential(_ x: Double) -> Double {
  guard x > -745.2 else { return x.isNaN ? x : 0 }
  guard x < 709.79 else { return .infinity }
  // Adding 1.5 · 2⁵² rounds to the nearest whole number.
  let n = (x * 1.442695040888963407 + 0x1.8p52) - 0x1.8p52
  let r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33
  let sum = taylorSeries(SIMD2(repeating: r))[0]
  guard n < -1021 || n > 1023 else { return sum * power(ofTwo: n) }
  // Two factors, since 2ⁿ alone is too small or too large for a normal number.
  let half = (n / 2).rounded(.down)
  return sum * power(ofTwo: half) * power(ofTwo: n - half)
}

private func power(ofTwo exponent: Double) -> Double {
  Double(bitPattern: UInt64(Int64(exponent) + 1023) << 52)
}

/// eˣ of eight numbers: bit for bit what `reproducibleExponential` gives for each, several times as
/// fast.
public func reproducibleExponentials(_ x: SIMD8<Double>) -> SIMD8<Double> {
  guard x.min() > -707, x.max() < 709 else {
    var result = x
    for lane in x.indices { result[lane] = reproducibleExponential(x[lane]) }
    return result
  }
  let shifted = x * 1.442695040888963407 + 0x1.8p52
  let n = shifted - 0x1.8p52
  let r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33
  let sum = taylorSeries(r)
  // The last bits of the shifted number are n, and n + 1023 is the exponent of 2ⁿ.
  let bits = unsafeBitCast(shifted, to: SIMD8<Int64>.self)
  let power = unsafeBitCast((bits &+ 1023) &<< 52, to: SIMD8<Double>.self)
  return sum * power
}

/// eʳ for |r| ≤ ln 2 / 2, the same bits in every lane and for every number of lanes.
@inline(__always)
private func taylorSeries<Lanes: SIMD>(_ r: Lanes) -> Lanes where Lanes.Scalar == Double {
  var sum = Lanes(repeating: 1.0 / 6_227_020_800)
  sum = sum * r + 1.0 / 479_001_600
  sum = sum * r + 1.0 / 39_916_800
  sum = sum * r + 1.0 / 3_628_800
  sum = sum * r + 1.0 / 362_880
  sum = sum * r + 1.0 / 40_320
  sum = sum * r + 1.0 / 5_040
  sum = sum * r + 1.0 / 720
  sum = sum * r + 1.0 / 120
  sum = sum * r + 1.0 / 24
  sum = sum * r + 1.0 / 6
  sum = sum * r + 0.5
  return (sum * r) * r + r + 1
}
