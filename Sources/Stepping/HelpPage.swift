internal import TextDrawing
internal import Transformers

/// What the keys do.
struct HelpPage {
  private let paint: Paint

  init(_ paint: Paint) { self.paint = paint }

  private typealias Section = (title: String, keys: [(key: String, meaning: String)])

  private static let walking: Section = (
    "Walking",
    [
      ("→ l space", "next station"), ("← h b", "previous station"),
      ("] [", "same station, layer up or down"), ("Home End", "first, last station"),
      ("g", "go to L3H5, L3, H5, weights, L3.weights"),
    ]
  )
  private static let looking: Section = (
    "Looking",
    [
      ("↓ j  ↑ k", "next, previous token"), ("> <", "next, previous head"),
      ("a", "all heads or one"), ("Enter", "look at a key token: q·k number by number"),
      ("J K", "next, previous key token"), ("/ n N", "find a token, again, backwards"),
      ("+ -", "τ of the output"), ("v", "numbers or picture"), ("Tab", "the picture alone"),
      ("PageDown PageUp", "scroll"),
    ]
  )
  private static let changing: Section = (
    "Changing",
    [
      ("x", "head off, or on again; with a all heads"), ("} {", "τ inside attention, of the same"),
      ("r", "another token in this one's place"), ("o", "changed, difference, original"),
      ("u U", "undo the last change, all"), ("Esc", "end a computation"),
    ]
  )
  private static let keeping: Section = (
    "Keeping",
    [
      ("s", "save this picture as SVG and PNG"), ("t", "save the trace"),
      ("c", "the command line of this view"), ("? H", "this page"), ("Ctrl-L", "draw anew"),
      ("Ctrl-Z", "stop; fg goes on"), ("q", "quit"),
    ]
  )

  func lines(_ columns: Int, _ kind: Configuration.Kind) -> [[TerminalCell]] {
    var changing = Self.changing
    if kind == .decoder {
      changing.keys.insert((".", "append a token, drawn at τ, and go on"), at: 3)
    }
    let all = [Self.walking, Self.looking, changing, Self.keeping]
    guard columns >= 100 else { return all.flatMap { section($0, columns) } }
    let width = columns / 2
    let (left, right) = (
      section(all[0], width) + section(all[1], width),
      section(all[2], width) + section(all[3], width)
    )
    return PageView.beside(left, right, at: width)
  }

  private func section(_ section: Section, _ columns: Int) -> [[TerminalCell]] {
    var text = StyledText(columns)
    text.add([(" " + section.title, paint.strong)])
    for (key, meaning) in section.keys {
      let gap = String(repeating: " ", count: max(17 - TerminalWidth.of(key), 1))
      text.add([("   " + key, paint.accent), (gap + meaning, .init())], indent: 20)
    }
    text.add("")
    return text.lines
  }
}
