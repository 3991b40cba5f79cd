public import Figures

/// What a terminal can show.
public enum TerminalColor: Equatable, Sendable {
  /// No colour: pictures are ASCII.
  case none
  /// The sixteen named colours.
  case palette16
  /// The 256 colours of xterm.
  case palette256
  /// 24 bits.
  case full

  /// Text on a coloured ground; plain text without colour.
  public func paint(_ text: String, _ ink: Color, on ground: Color) -> String {
    self == .none ? text : "\u{1B}[\(code(ink, 38));\(code(ground, 48))m\(text)\u{1B}[0m"
  }

  /// Bold text.
  public func bold(_ text: String) -> String {
    self == .none ? text : "\u{1B}[1m\(text)\u{1B}[0m"
  }

  /// Text that stands back.
  public func quiet(_ text: String) -> String {
    self == .none ? text : "\u{1B}[2m\(text)\u{1B}[0m"
  }

  /// The parameters that set a colour; `place` is 38 for text and 48 for its ground.
  func code(_ color: Color, _ place: Int) -> String {
    switch self {
    case .full: return "\(place);2;\(color.red);\(color.green);\(color.blue)"
    case .palette256: return "\(place);5;\(Self.nearest(color, of: Self.colors256) + 16)"
    case .palette16, .none:
      let index = Self.nearest(color, of: Self.colors16)
      return "\(place - 8 + (index < 8 ? index : index + 52))"
    }
  }

  /// The 6 × 6 × 6 cube and the 24 greys that follow it.
  private static let colors256: [Color] = {
    let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
    let cube = (0..<216).map {
      Color(red: steps[$0 / 36], green: steps[$0 / 6 % 6], blue: steps[$0 % 6])
    }
    return cube
      + (0..<24).map { index in
        let grey = UInt8(8 + 10 * index)
        return Color(red: grey, green: grey, blue: grey)
      }
  }()

  /// The named colours as xterm shows them.
  private static let colors16 = [
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x7F7F7F,
    0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
  ].map { Color($0) }

  /// The index of the colour that looks most like another.
  private static func nearest(_ color: Color, of palette: [Color]) -> Int {
    func distance(_ other: Color) -> Int {
      let pairs = [
        (color.red, other.red, 3), (color.green, other.green, 4), (color.blue, other.blue, 2),
      ]
      return pairs.reduce(0) { sum, pair in
        let difference = Int(pair.0) - Int(pair.1)
        return sum + pair.2 * difference * difference
      }
    }
    let distances = palette.map(distance)
    return distances.firstIndex(of: distances.min() ?? 0) ?? 0
  }
}
