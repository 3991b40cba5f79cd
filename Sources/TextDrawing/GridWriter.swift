internal import Figures

/// Writes cells as lines for a terminal.
struct GridWriter {
  let color: TerminalColor
  let theme: Theme

  /// The lines, each as wide as the grid where it has a ground, else without spaces at the end.
  func text(_ grid: CharacterGrid) -> String {
    grid.lines.map { line in
      let cells = line.filter { !$0.isCovered }.map(shown)
      return (color == .none ? Self.bare(cells.map(\.character)) : styled(cells)) + "\n"
    }.joined()
  }

  /// The lines as cells, each as wide as the grid.
  func cells(_ grid: CharacterGrid) -> [[TerminalCell]] {
    grid.lines.map { line in
      line.map { cell in
        let (character, look) = shown(cell)
        return TerminalCell(cell.isCovered ? nil : character, look)
      }
    }
  }

  private static func bare(_ characters: [Character]) -> String {
    var characters = characters
    while characters.last == " " { characters.removeLast() }
    return String(characters)
  }

  private func styled(_ cells: [(character: Character, look: TerminalCell.Look)]) -> String {
    var (out, look) = ("", TerminalCell.Look?.none)
    for cell in cells {
      if cell.look != look { out += code(cell.look) }
      look = cell.look
      out.append(cell.character)
    }
    return out + "\u{1B}[0m"
  }

  private func code(_ look: TerminalCell.Look) -> String {
    var codes = ["0"]
    if look.isBold { codes.append("1") }
    if let ink = look.ink { codes.append(color.code(ink, 38)) }
    if let ground = look.ground { codes.append(color.code(ground, 48)) }
    return "\u{1B}[" + codes.joined(separator: ";") + "m"
  }

  private var hasGround: Bool { color == .full || color == .palette256 }

  private func shown(_ cell: CharacterGrid.Cell) -> (character: Character, look: TerminalCell.Look)
  {
    guard hasGround else { return plain(cell) }
    let (upper, lower) = (cell.upper ?? theme.paper, cell.lower ?? theme.paper)
    let ground = Color.mean([upper, lower])
    if let character = cell.character {
      let ink = readable(cell.ink ?? theme.ink, on: ground, cell.isText)
      return (character, .init(ink: ink, ground: ground, isBold: cell.isBold))
    }
    if cell.dots != 0 {
      let braille = Character(Unicode.Scalar(0x2800 + UInt32(cell.dots)) ?? " ")
      return (braille, .init(ink: cell.ink, ground: ground))
    }
    if upper == lower || cell.isSolid, let line = Self.lines(cell) {
      return (line, .init(ink: cell.ink, ground: ground))
    }
    return upper == lower
      ? (" ", .init(ground: upper)) : ("▀", .init(ink: upper, ground: lower))
  }

  /// The ink, or ink of the theme where a cell is too near to it.
  private func readable(_ ink: Color, on ground: Color, _ isText: Bool) -> Color {
    !isText || ink.contrast(with: ground) >= 4.4 ? ink : theme.text(on: ground)
  }

  private static func lines(_ cell: CharacterGrid.Cell) -> Character? {
    guard cell.arms != 0 else { return nil }
    if cell.isDashed { return cell.arms & 12 != 0 ? "┄" : "┆" }
    return Array(" │││─┘┐┤─└┌├─┴┬┼")[Int(cell.arms)]
  }
}

/// Terminals without a ground: shades of characters.
extension GridWriter {
  private func plain(_ cell: CharacterGrid.Cell) -> (character: Character, look: TerminalCell.Look)
  {
    let ink = named(cell.ink)
    if let character = cell.character {
      let shown = color == .none ? cell.plain ?? character : character
      return (
        shown, .init(ink: cell.isText && cell.ink == theme.ink ? nil : ink, isBold: cell.isBold)
      )
    }
    if cell.dots != 0 { return (Self.curve(cell.dots), .init(ink: ink)) }
    if cell.arms != 0 {
      let isCross = cell.arms & 3 != 0 && cell.arms & 12 != 0
      return (isCross ? "+" : cell.arms & 12 != 0 ? "-" : "|", .init(ink: ink))
    }
    let (upper, lower) = (cell.upper ?? theme.paper, cell.lower ?? theme.paper)
    let strong = depth(upper) > depth(lower) ? upper : lower
    return (shade(depth(strong)), .init(ink: depth(strong) < 0.03 ? nil : named(strong)))
  }

  /// The ink of what stands on the terminal's own ground; its own ink where that would not show,
  /// like words that a figure writes on a filled cell.
  private func named(_ ink: Color?) -> Color? {
    guard color != .none, let ink, ink.contrast(with: theme.paper) >= 2 else { return nil }
    return ink
  }

  /// How far a colour is from the paper, on the way to the ink or beyond.
  private func depth(_ color: Color) -> Double {
    let (paper, ink, own) = (OKLab(theme.paper), OKLab(theme.ink), OKLab(color))
    let span = max((ink.lightness - paper.lightness).magnitude, 0.01)
    return min((own.lightness - paper.lightness).magnitude / span, 1)
  }

  private func shade(_ depth: Double) -> Character {
    let shades = Array(color == .none ? " .:-=+*#%@" : "  ░░▒▒▓▓██")
    return shades[min(Int(depth * 0.999 * Double(shades.count - 1) + 0.6), shades.count - 1)]
  }

  /// A curve by where its dots are in the cell.
  private static func curve(_ dots: UInt8) -> Character {
    let (top, bottom) = (dots & 0b0001_1011, dots & 0b1110_0100)
    if top == 0 { return "." }
    return bottom == 0 ? "'" : "*"
  }
}
