#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The colours of a scale, by name.
public enum Palette: String, CaseIterable, Sendable {
  /// Sequential: from the paper to a deep blue (on dark paper to a light one), even in lightness.
  case inkBlue = "ink-blue"
  /// Sequential: from the paper to the ink, without hue.
  case grey
  /// Sequential: viridis (CC0).
  case viridis
  /// Sequential: cividis, made for colour-blind readers (CC0).
  case cividis
  /// Sequential: magma (CC0).
  case magma
  /// Sequential: batlow, by Fabio Crameri (MIT).
  case batlow
  /// Diverging: blue below 0, the paper at 0, red above.
  case blueRed = "blue-red"
  /// Diverging: vik, by Fabio Crameri (MIT).
  case vik

  /// Whether the middle stands for 0 and both ends for the largest magnitude.
  public var isDiverging: Bool { self == .blueRed || self == .vik }

  /// The colours from the lowest value to the highest: 256, or 255 where the middle one is the
  /// paper.
  public func colors(in theme: Theme) -> [Color] {
    switch self {
    case .inkBlue:
      return ramp(theme.paper, to: theme.isDark ? 0xA5D2FF : 0x0B2F5B, count: 256)
    case .grey:
      return ramp(theme.paper, to: theme.ink, bulge: 0, count: 256)
    case .blueRed:
      let blue = ramp(theme.paper, to: theme.isDark ? 0x79B8FF : 0x0B2F5B, count: 128)
      let red = ramp(theme.paper, to: theme.isDark ? 0xFF9B85 : 0x6E1A12, count: 128)
      return blue.reversed() + red.dropFirst()
    case .viridis: return table(PaletteTables.viridis)
    case .cividis: return table(PaletteTables.cividis)
    case .magma: return table(PaletteTables.magma)
    case .batlow: return table(CrameriTables.batlow)
    case .vik: return table(CrameriTables.vik)
    }
  }

  private func ramp(_ start: Color, to end: UInt32, count: Int) -> [Color] {
    ramp(start, to: Color(end), bulge: 0.045, count: count)
  }

  /// Lightness runs straight in OKLab; the chroma bulges in the middle, so that mid-tones stay
  /// coloured: C(t) = C₀ + (C₁ − C₀) t + bulge · 4t(1 − t), towards the hue of the end.
  private func ramp(_ start: Color, to end: Color, bulge: Double, count: Int) -> [Color] {
    let (from, to) = (OKLab(start), OKLab(end))
    let chroma = max(hypot(to.a, to.b), 1e-9)
    return (0..<count).map { index in
      let t = Double(index) / Double(count - 1)
      let extra = bulge * 4 * t * (1 - t) / chroma
      return OKLab(
        lightness: from.lightness + (to.lightness - from.lightness) * t,
        a: from.a + (to.a - from.a) * t + to.a * extra,
        b: from.b + (to.b - from.b) * t + to.b * extra
      ).color
    }
  }

  /// Reads entries of six hexadecimal digits.
  private func table(_ digits: String) -> [Color] {
    let nibbles = digits.utf8.map { UInt32($0 <= 57 ? $0 - 48 : $0 - 55) }
    return stride(from: 0, to: nibbles.count, by: 6).map { start in
      Color(nibbles[start..<start + 6].reduce(0) { $0 << 4 | $1 })
    }
  }
}
