import Figures
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How readers without one kind of cone see colours: G. M. Machado, M. M. Oliveira and
/// L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
/// IEEE TVCG 15 (2009), severity 1.0. The matrices act on amounts of light.
enum ColorVision: String, CaseIterable, Sendable {
  case normal, protanopia, deuteranopia, tritanopia

  private var matrix: [[Double]] {
    switch self {
    case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    case .tritanopia:
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    }
  }

  /// The colour as it is seen.
  func seen(_ color: Color) -> Color {
    let light = [color.red, color.green, color.blue].map { byte -> Double in
      let value = Double(byte) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let bytes = matrix.map { row -> UInt8 in
      let amount = min(max(zip(row, light).map(*).reduce(0, +), 0), 1)
      let value = amount <= 0.0031308 ? 12.92 * amount : 1.055 * pow(amount, 1 / 2.4) - 0.055
      return UInt8((value * 255).rounded())
    }
    return Color(red: bytes[0], green: bytes[1], blue: bytes[2])
  }

  /// How different two colours look: their distance in OKLab. 0.02 is about the least that is
  /// noticed side by side.
  func distance(_ first: Color, _ second: Color) -> Double {
    let (a, b) = (OKLab(seen(first)), OKLab(seen(second)))
    return hypot(a.lightness - b.lightness, hypot(a.a - b.a, a.b - b.b))
  }
}

@Suite struct ColorVisionTests {
  static let themes: [Theme] = [.paper, .light, .dark]

  /// White, black and greys have no hue to lose; red and green of one lightness grow alike.
  @Test func simulationIsPlausible() {
    for vision in ColorVision.allCases {
      for grey in [0, 90, 200, 255] as [UInt8] {
        let color = Color(red: grey, green: grey, blue: grey)
        let seen = vision.seen(color)
        #expect(abs(Int(seen.red) - Int(grey)) <= 1 && abs(Int(seen.blue) - Int(grey)) <= 1)
      }
    }
    let (red, green) = (Color(0xC04030), Color(0x6A7A20))
    let normal = ColorVision.normal.distance(red, green)
    #expect(ColorVision.deuteranopia.distance(red, green) < 0.5 * normal)
    #expect(ColorVision.tritanopia.distance(red, green) > 0.7 * normal)
  }

  /// Nine even steps of every palette stay apart.
  @Test(arguments: Palette.allCases, themes)
  func stepsStayApart(_ palette: Palette, _ theme: Theme) {
    let colors = palette.colors(in: theme)
    let steps = (0...8).map { colors[$0 * (colors.count - 1) / 8] }
    for vision in ColorVision.allCases {
      let distances = zip(steps, steps.dropFirst()).map { vision.distance($0, $1) }
      #expect((distances.min() ?? 0) > 0.03, "\(vision) \(distances)")
    }
  }

  /// The two signs of a diverging palette are as strong as each other and stay apart.
  @Test(arguments: Palette.allCases.filter(\.isDiverging), themes)
  func signsStayApart(_ palette: Palette, _ theme: Theme) {
    let colors = palette.colors(in: theme)
    let last = colors.count - 1
    for share in [0.25, 0.5, 0.75, 1] {
      let offset = Int(share * Double(last / 2))
      let (low, high) = (colors[last / 2 - offset], colors[last - last / 2 + offset])
      for vision in ColorVision.allCases {
        #expect(vision.distance(low, high) > 0.06, "\(vision) at \(share)")
      }
      let strength = [low, high].map {
        abs(OKLab($0).lightness - OKLab(colors[last / 2]).lightness)
      }
      #expect(abs(strength[0] - strength[1]) < 0.1, "\(share)")
    }
  }

  /// Any two of the colours of heads.
  @Test(arguments: themes, ColorVision.allCases)
  func headsStayApart(_ theme: Theme, _ vision: ColorVision) {
    let colors = (0..<HeadColors.count).map { HeadColors(in: theme)[$0] }
    #expect(Self.near(colors, vision, 0.06) == [])
  }

  /// Any two of the five temperatures.
  @Test(arguments: themes, ColorVision.allCases)
  func temperaturesStayApart(_ theme: Theme, _ vision: ColorVision) {
    let colors = [0, 0.5, 1, 2, .infinity].map { TemperatureColor(in: theme).fill($0) }
    #expect(Self.near(colors, vision, 0.06) == [])
  }

  /// What is to be looked at, warned of and read.
  @Test(arguments: themes, ColorVision.allCases)
  func rolesStayApart(_ theme: Theme, _ vision: ColorVision) {
    #expect(Self.near([theme.ink, theme.accent, theme.warn], vision, 0.06) == [])
    #expect(Self.near([theme.secondary, theme.accent], vision, 0.05) == [])
  }

  private static func near(_ colors: [Color], _ vision: ColorVision, _ least: Double) -> [String] {
    colors.indices.flatMap { first in
      colors.indices.dropFirst(first + 1).compactMap { second in
        let distance = vision.distance(colors[first], colors[second])
        return distance < least
          ? "\(first) and \(second): \((distance * 1000).rounded() / 1000)" : nil
      }
    }
  }
}
