/// How figures look: theme, sizes, and how text is measured.
public struct Style: Sendable {
  /// Colours by role.
  public var theme: Theme
  /// Multiplies every length: 1 for paper; more for slides.
  public var scale: Double
  /// The width to fit the figure into, in points; `nil` lets it grow with its data.
  public var width: Double?
  /// The colours of values from 0 up.
  public var sequential: Palette
  /// The colours of signed values.
  public var diverging: Palette
  /// How text is measured.
  public var measure: TextMeasure

  /// Creates a style.
  public init(
    theme: Theme = .paper, scale: Double = 1, width: Double? = nil,
    sequential: Palette = .inkBlue, diverging: Palette = .blueRed,
    measure: TextMeasure = .schematic
  ) {
    self.theme = theme
    self.scale = scale
    self.width = width
    self.sequential = sequential
    self.diverging = diverging
    self.measure = measure
  }
}

/// Colours by role.
public struct Theme: Equatable, Sendable {
  /// The theme's name on the command line.
  public var name: String
  /// The page.
  public var paper: Color
  /// Main text and strong lines.
  public var ink: Color
  /// Subtitles, notes, axes.
  public var secondary: Color
  /// Hairlines and grid lines.
  public var hairline: Color
  /// Step numbers, links, the one thing to look at.
  public var accent: Color
  /// Warnings and exceptions.
  public var warn: Color

  /// Creates a theme.
  public init(
    name: String, paper: Color, ink: Color, secondary: Color, hairline: Color, accent: Color,
    warn: Color
  ) {
    self.name = name
    self.paper = paper
    self.ink = ink
    self.secondary = secondary
    self.hairline = hairline
    self.accent = accent
    self.warn = warn
  }

  /// For print: dark ink on white.
  public static let paper = Theme(
    name: "paper", paper: Color(0xFFFFFF), ink: Color(0x1B1F24), secondary: Color(0x57606A),
    hairline: Color(0xD0D7DE), accent: Color(0x0B5CAD), warn: Color(0xB5402A))

  /// For light screens: softer than white.
  public static let light = Theme(
    name: "light", paper: Color(0xFAFBFC), ink: Color(0x1B1F24), secondary: Color(0x57606A),
    hairline: Color(0xD0D7DE), accent: Color(0x0B5CAD), warn: Color(0xB5402A))

  /// For dark screens.
  public static let dark = Theme(
    name: "dark", paper: Color(0x0D1117), ink: Color(0xE6EDF3), secondary: Color(0x8B949E),
    hairline: Color(0x30363D), accent: Color(0x58A6FF), warn: Color(0xFF9B85))
}

extension Theme {
  /// Whether the paper is darker than the ink.
  var isDark: Bool { paper.luminance < ink.luminance }
}

/// How wide and tall a line of text is.
public struct TextMeasure: Sendable {
  /// The extents of one line of text, in points.
  public struct Extents: Equatable, Sendable {
    /// The advance from start to end.
    public var width: Double
    /// How far the line reaches above its baseline.
    public var ascent: Double
    /// How far the line reaches below its baseline.
    public var descent: Double

    /// Creates extents.
    public init(width: Double, ascent: Double, descent: Double) {
      self.width = width
      self.ascent = ascent
      self.descent = descent
    }
  }

  private let extents: @Sendable (String, Font) -> Extents

  /// Creates a measure from a function of text and font.
  public init(_ extents: @escaping @Sendable (String, Font) -> Extents) {
    self.extents = extents
  }

  /// Measures one line.
  public func callAsFunction(_ string: String, _ font: Font) -> Extents {
    extents(string, font)
  }

  /// Every character is 0.6 em wide: equal on every machine, needs no fonts. For tests.
  public static let schematic = TextMeasure { string, font in
    Extents(
      width: 0.6 * font.size * Double(string.count), ascent: 0.75 * font.size,
      descent: 0.25 * font.size)
  }
}
