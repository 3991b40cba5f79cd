package import Figures

/// Tells a terminal what has changed on its screen, and nothing else.
package struct ScreenWriter: Sendable {
  private let color: TerminalColor
  private let theme: Theme

  package init(_ color: TerminalColor, _ theme: Theme) {
    (self.color, self.theme) = (color, theme)
  }

  /// The whole screen as lines of text; without colour there are no controls.
  package func text(_ screen: TerminalScreen) -> String {
    guard color != .none else { return screen.text }
    return screen.lines.map { line in
      var (out, look) = ("", TerminalCell.Look?.none)
      for cell in line {
        guard let character = cell.character else { continue }
        if cell.look != look { out += code(cell.look) }
        look = cell.look
        out.append(character)
      }
      return out + "\u{1B}[0m\n"
    }.joined()
  }

  /// The characters and controls that turn one screen into another; a whole screen when there was
  /// none, or one of another size. Empty when they are equal.
  ///
  /// Terminals that know "synchronised output" show it at once; others ignore that.
  package func update(from old: TerminalScreen?, to new: TerminalScreen) -> String {
    let same = old.flatMap { $0.rows == new.rows && $0.columns == new.columns ? $0 : nil }
    var out = same == nil ? code(.init()) + "\u{1B}[2J" : ""
    for row in 0..<new.rows {
      guard let span = Self.changed(same?.lines[row], new.lines[row]) else { continue }
      out += line(new.lines[row], row, span)
    }
    return out.isEmpty ? "" : "\u{1B}[?2026h" + out + "\u{1B}[0m\u{1B}[?2026l"
  }

  /// From the first to the last cell that differs, wide characters whole.
  private static func changed(_ old: [TerminalCell]?, _ new: [TerminalCell]) -> Range<Int>? {
    guard let old else { return new.indices }
    guard var first = new.indices.first(where: { old[$0] != new[$0] }),
      var last = new.indices.last(where: { old[$0] != new[$0] })
    else { return nil }
    while first > 0, new[first].character == nil || old[first].character == nil { first -= 1 }
    while last + 1 < new.count, new[last + 1].character == nil || old[last + 1].character == nil {
      last += 1
    }
    return first..<last + 1
  }

  private func line(_ cells: [TerminalCell], _ row: Int, _ span: Range<Int>) -> String {
    var out = "\u{1B}[\(row + 1);\(span.lowerBound + 1)H"
    var look: TerminalCell.Look?
    var isCertain = true
    for column in span {
      let cell = cells[column]
      guard let character = cell.character else { continue }
      // Terminals do not agree on the width of emoji and marks: say where the next one stands.
      if !isCertain { out += "\u{1B}[\(column + 1)G" }
      if cell.look != look { out += code(cell.look) }
      look = cell.look
      out.append(character)
      isCertain = character.hasCertainWidth
    }
    return out
  }

  private func code(_ look: TerminalCell.Look) -> String {
    var codes = ["0"]
    if look.isBold { codes.append("1") }
    if look.isUnderlined { codes.append("4") }
    if look.isReversed { codes.append("7") }
    if color != .none {
      let paints = color == .full || color == .palette256
      if let ink = look.ink ?? (paints ? theme.ink : nil) { codes.append(color.code(ink, 38)) }
      if let ground = look.ground ?? (paints ? theme.paper : nil) {
        codes.append(color.code(ground, 48))
      }
    }
    return "\u{1B}[" + codes.joined(separator: ";") + "m"
  }
}

extension Character {
  /// Whether every terminal gives it one cell.
  package var hasCertainWidth: Bool {
    let scalars = unicodeScalars
    guard let first = scalars.first, scalars.count == 1 else { return false }
    return first.value < 0x0300 || (0x2500...0x259F).contains(first.value)
      || (0x2800...0x28FF).contains(first.value)
  }
}
