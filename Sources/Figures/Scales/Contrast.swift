/// Contrast, as the Web Content Accessibility Guidelines 2.1 define it.
extension Color {
  /// The amount of light the colour reflects, 0…1, weighted for the eye.
  package var luminance: Double {
    let (red, green, blue) = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  /// The contrast ratio of two colours, 1…21; 4.5 and more can be read at any size.
  package func contrast(with other: Color) -> Double {
    let (low, high) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)
  }

  /// The colour as if laid over `other`, `amount` of it showing, channel by channel.
  package func mixed(with other: Color, _ amount: Double) -> Color {
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8((Double(from) + (Double(to) - Double(from)) * amount).rounded())
    }
    return Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }
}

extension Theme {
  /// The colour of text on a cell: ink, else white, else black, the first with a contrast of at
  /// least 4.5 (no colour lacks all three: white or black always has 4.58).
  package func text(on cell: Color) -> Color {
    let white = Color(0xFFFFFF)
    return [ink, white].first { $0.contrast(with: cell) >= 4.5 } ?? Color(0x000000)
  }

  /// Chips, tracks and the gaps between cells.
  var plate: Color { paper.mixed(with: hairline, 0.46) }
  /// The ground under a hatch.
  var hatchGround: Color { paper.mixed(with: hairline, 0.2) }
  /// The lines of a hatch.
  var hatchLine: Color { hairline.mixed(with: secondary, 0.28) }
  /// The frame of a small panel.
  var frame: Color { hairline.mixed(with: secondary, 0.1) }
}
