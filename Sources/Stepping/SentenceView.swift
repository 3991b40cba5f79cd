internal import Explanations
internal import TextDrawing
internal import Transformers

/// The sentence that stays on top: every token, the focused one and the key marked. A long one
/// shows the lines around the focused token.
struct SentenceView {
  private let stepper: Stepper
  private let paint: Paint
  /// How much every key is looked at; empty where the station does not say.
  private let weights: [Double]
  private let columns: Int
  private let most: Int

  init(_ stepper: Stepper, _ paint: Paint, weights: [Double], columns: Int, most: Int) {
    (self.stepper, self.paint, self.columns, self.most) = (stepper, paint, columns, most)
    self.weights = weights
  }

  /// Writes it from a row on; the row after it.
  func write(_ screen: inout TerminalScreen, _ row: Int) -> Int {
    let isPair = stepper.terrain.sides[.encoder] != nil
    guard isPair else { return write(.sole, label: "", &screen, row) }
    let next = write(.encoder, label: "source", &screen, row)
    return write(.decoder, label: "target", &screen, next)
  }

  private func write(
    _ name: Site.Stack, label: String, _ screen: inout TerminalScreen, _ row: Int
  ) -> Int {
    guard let side = stepper.terrain.sides[name] else { return row }
    let start = label.isEmpty ? 1 : label.count + 2
    let lines = lines(side, name, columns - start - 1)
    let mark = mark(name)
    let focused = lines.firstIndex { $0.contains { $0.token == mark.focus ?? mark.key } } ?? 0
    let limit = label.isEmpty ? most : max(most / 2, 1)
    let first = min(max(focused - limit / 2, 0), max(lines.count - limit, 0))
    screen.write(label, row, 1, paint.quiet)
    for (index, line) in lines.dropFirst(first).prefix(limit).enumerated() {
      var column = start
      for item in line {
        column = screen.write(item.text, row + index, column, item.look)
      }
      if first + index > 0, index == 0 { screen.write("…", row, 0, paint.quiet) }
      if index == limit - 1, first + limit < lines.count {
        screen.write("…", row + index, columns - 1, paint.quiet)
      }
    }
    return row + min(lines.count, limit)
  }

  /// The focused token and the key of a stack, where these are in it.
  private func mark(_ name: Site.Stack) -> (focus: Int?, key: Int?) {
    let station = stepper.station
    let isOwner = Terrain.owner(station.stack) == name
    return (isOwner ? stepper.focus.token : nil, hasKeys(name) ? stepper.focus.key : nil)
  }

  /// Whether the tokens of a stack are looked at here.
  private func hasKeys(_ name: Site.Stack) -> Bool {
    let stack = stepper.station.stack
    return stack == .cross ? name == .encoder : Terrain.owner(stack) == name
  }

  private func lines(
    _ side: Terrain.Side, _ name: Site.Stack, _ width: Int
  ) -> [[(text: String, token: Int, look: TerminalCell.Look)]] {
    let mark = mark(name)
    var lines: [[(text: String, token: Int, look: TerminalCell.Look)]] = [[]]
    var used = 0
    for (index, token) in side.tokens.enumerated() {
      let text = TerminalWidth.shortened(token.text, to: min(24, width))
      let cells = TerminalWidth.of(text)
      if used + cells > width, used > 0 {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append((text, index, look(index, token, mark, name)))
      lines[lines.count - 1].append((" ", -1, .init()))
      used += cells + 1
    }
    return lines
  }

  private func look(
    _ index: Int, _ token: Terrain.Token, _ mark: (focus: Int?, key: Int?), _ name: Site.Stack
  ) -> TerminalCell.Look {
    if index == mark.focus { return paint.focused }
    if index == mark.key { return paint.key }
    let isChanged = stepper.changes.contains {
      if case .replace(index, _, _) = $0 { name != .decoder } else { false }
    }
    if isChanged { return paint.changed }
    if hasKeys(name), weights.indices.contains(index) { return paint.weight(weights[index]) }
    return token.isSpecial ? paint.quiet : .init()
  }
}
