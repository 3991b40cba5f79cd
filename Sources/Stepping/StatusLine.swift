internal import Explanations
internal import TextDrawing
internal import Transformers

/// The last line: where the walk is, and what keys do.
struct StatusLine {
  private let stepper: Stepper
  private let paint: Paint

  init(_ stepper: Stepper, _ paint: Paint) { (self.stepper, self.paint) = (stepper, paint) }

  func write(_ screen: inout TerminalScreen, _ row: Int) {
    screen.write(String(repeating: " ", count: screen.columns), row, 0, paint.bar)
    let most = max(screen.columns / 2, 24)
    var column = screen.write(" " + place + " ", row, 0, paint.barTitle, width: most) + 1
    for (key, meaning) in keys {
      let width = TerminalWidth.of(key) + 1 + meaning.count
      guard column + width < screen.columns else { continue }
      column = screen.write(key, row, column, bold(paint.bar))
      column = screen.write(" " + meaning, row, column, paint.barQuiet) + 2
    }
  }

  private func bold(_ look: TerminalCell.Look) -> TerminalCell.Look {
    var look = look
    look.isBold = true
    return look
  }

  /// `L3H5 “sat” → “cat” τ 1`.
  private var place: String {
    let (focus, side) = (stepper.focus, stepper.side)
    var words: [String] = []
    if let layer = stepper.station.layer {
      words.append("L\(layer)" + (focus.head.map { "H\($0)" } ?? " all heads"))
    } else {
      words.append(stepper.station.kind.rawValue)
    }
    func name(_ tokens: [Terrain.Token], _ index: Int) -> String {
      tokens.indices.contains(index)
        ? "\(index) \"\(TerminalWidth.shortened(tokens[index].text, to: 12))\"" : ""
    }
    words.append(name(side.tokens, focus.token))
    if let key = focus.key { words.append("→ " + name(stepper.keys, key)) }
    if focus.temperature != 1 { words.append("τ \(focus.temperature.temperatureText)") }
    return words.joined(separator: " ")
  }

  /// What the most useful keys do here, the first most.
  private var keys: [(String, String)] {
    if stepper.showsHelp || stepper.showsCommand {
      return [("any key", "goes back"), ("↑↓", "scroll")]
    }
    if stepper.prompt != nil { return [("Enter", "goes"), ("Esc", "gives up")] }
    if stepper.work != nil { return [("Esc", "ends the computation"), ("?", "help")] }
    var keys = [("←→", "step"), ("?", "help"), ("q", "quit"), ("↑↓", "token")]
    let station = stepper.station
    if station.layer != nil { keys.append(("[ ]", "layer")) }
    if station.kind.isInHead { keys += [("< >", "head"), ("Enter", "key"), ("x", "off")] }
    if station.kind.isOutput { keys.append(("+ -", "τ")) }
    if stepper.changes.isComparison { keys += [("o", "compare"), ("u", "undo")] }
    if stepper.terrain.kind == .decoder, station.kind.isOutput { keys.append((".", "append")) }
    return keys + [("v", "numbers"), ("g", "go to"), ("s", "save")]
  }
}
