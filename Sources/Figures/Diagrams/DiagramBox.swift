/// A box of a diagram: what it is on its first line, facts under it.
public struct DiagramBox: Equatable, Sendable {
  /// What a box does; decides its colour.
  public enum Role: Equatable, Sendable {
    case attention, feedForward, norm, embedding, output
  }

  /// What it does.
  public var role: Role
  /// What it is.
  public var title: String
  /// Facts, small.
  public var lines: [String]

  /// Creates a box.
  public init(_ role: Role, _ title: String, _ lines: [String] = []) {
    (self.role, self.title, self.lines) = (role, title, lines)
  }
}

extension DiagramBox {
  private static let lead = 8.0

  private var font: Font { Font(size: 7, weight: lines.isEmpty ? .medium : .semibold) }

  /// How tall it is.
  var height: Double {
    lines.isEmpty ? (role == .norm ? 14 : 16) : 15.5 + Self.lead * Double(lines.count)
  }

  /// How wide it must be.
  func width(in style: Style) -> Double {
    let words = lines.map { style.measure($0, .note).width }.max() ?? 0
    return max(style.measure(title, font).width, words) + 14
  }

  /// Draws it.
  func marks(in frame: Rectangle, _ theme: Theme) -> [Mark] {
    let x = frame.minX + frame.size.width / 2
    let block = Self.lead * Double(lines.count)
    let first = frame.minY + (frame.size.height - block) / 2 + 0.364 * 7
    let plate = Mark.path(
      Path(
        Path.roundedRectangle(frame, radius: 2.5), fill: theme.fill(role),
        stroke: .init(theme.line(role), width: 0.6)))
    let fill = theme.fill(role)
    let quiet = theme.secondary.contrast(with: fill) >= 4.5 ? theme.secondary : theme.ink
    let heading = Text(title, font: font, color: theme.ink, at: Point(x, first), alignment: .middle)
    return [plate, .text(heading)]
      + lines.enumerated().map { index, line in
        .text(
          Text(
            line, font: .note, color: quiet,
            at: Point(x, first + Self.lead * Double(index + 1) + 0.6), alignment: .middle))
      }
  }
}

extension Theme {
  private func hue(_ role: DiagramBox.Role) -> Color {
    switch role {
    case .attention: Color(0x3F78B8)
    case .feedForward: Color(0x3F9560)
    case .norm: Color(0x7A8794)
    case .embedding: Color(0xD08A32)
    case .output: Color(0x8E62A8)
    }
  }

  /// The ground of a box.
  func fill(_ role: DiagramBox.Role) -> Color {
    paper.mixed(with: hue(role), isDark ? 0.3 : role == .norm ? 0.1 : 0.17)
  }

  /// The line around it.
  func line(_ role: DiagramBox.Role) -> Color {
    paper.mixed(with: hue(role), isDark ? 0.75 : 0.62)
  }
}
