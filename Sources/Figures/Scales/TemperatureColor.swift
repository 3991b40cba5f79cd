/// The colour of a temperature: one function of τ in every figure, cold blue to hot red.
///
/// u = τ/(1 + τ) runs from 0 at τ = 0 over ½ at τ = 1 to 1 at τ = ∞. Five colours stand at
/// u = 0, ⅓, ½, ⅔ and 1 (τ = 0, ½, 1, 2, ∞), with straight lines between their bytes.
public struct TemperatureColor: Sendable {
  private let theme: Theme

  /// Creates the colours of a theme.
  public init(in theme: Theme) { self.theme = theme }

  private static let places = [0, 1.0 / 3, 0.5, 2.0 / 3, 1]
  private static let onLight: [UInt32] = [0x24408E, 0x4F73C4, 0x8E86B5, 0xD2894F, 0xB23A22]
  /// Lighter, so that the coldest and the hottest stand out from dark paper as well.
  private static let onDark: [UInt32] = [0x5272D8, 0x74A0F0, 0xBFB4E6, 0xE3A067, 0xE8604A]

  /// Where a temperature stands between the coldest, 0, and the hottest, 1.
  public static func place(of temperature: Double) -> Double {
    guard temperature < .infinity else { return 1 }
    return max(temperature, 0) / (1 + max(temperature, 0))
  }

  /// The colour of lines and areas.
  public func fill(_ temperature: Double) -> Color { fill(at: Self.place(of: temperature)) }

  /// The colour at a place from the coldest, 0, to the hottest, 1.
  func fill(at u: Double) -> Color {
    let colors = (theme.isDark ? Self.onDark : Self.onLight).map { Color($0) }
    let next = Self.places.firstIndex { u <= $0 } ?? colors.count - 1
    guard next > 0 else { return colors[0] }
    let (start, end) = (Self.places[next - 1], Self.places[next])
    return colors[next - 1].mixed(with: colors[next], (u - start) / (end - start))
  }

  /// The colour of curves: the fill, darkened (lightened on dark paper) until it has a contrast of
  /// 3 with the paper.
  public func line(_ temperature: Double) -> Color { line(at: Self.place(of: temperature)) }

  /// The colour of curves at a place from the coldest, 0, to the hottest, 1.
  func line(at u: Double) -> Color { theme.readable(fill(at: u), contrast: 3.02) }

  /// The colour of words: the fill, darkened (lightened on dark paper) until it has a contrast of
  /// 4.6 with the paper.
  public func text(_ temperature: Double) -> Color {
    theme.readable(fill(temperature))
  }
}

extension Theme {
  /// A colour moved away from the paper, 4 % at a time, until it has a contrast; words in it can be
  /// read with 4.6.
  func readable(_ color: Color, contrast: Double = 4.6) -> Color {
    let isDark = isDark
    func moved(_ byte: UInt8) -> UInt8 {
      isDark ? 255 - UInt8(Double(255 - byte) * 0.96) : UInt8(Double(byte) * 0.96)
    }
    var color = color
    for _ in 0..<100 where color.contrast(with: paper) < contrast {
      color = Color(red: moved(color.red), green: moved(color.green), blue: moved(color.blue))
    }
    return color
  }
}
