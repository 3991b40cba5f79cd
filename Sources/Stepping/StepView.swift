package import Explanations
package import Figures
internal import Files
package import TextDrawing

/// What a walk looks like on a screen: the sentence, the way, the page of the station, and where
/// it is. A pure function of the state, the page and the size.
package struct StepView {
  /// Draws the page's picture for so many columns, larger where there are more lines than it needs,
  /// with its title or without.
  package typealias Picture = (_ columns: Int, _ lines: Int, _ isTitled: Bool) -> TextPicture

  let stepper: Stepper
  let page: StationPage
  let picture: Picture
  let paint: Paint
  let rows: Int
  let columns: Int
  /// The command lines that make this view and its picture again.
  let commands: [String]

  package init(
    of stepper: Stepper, page: StationPage, rows: Int, columns: Int, theme: Theme,
    color: TerminalColor, commands: [String] = [], picture: @escaping Picture
  ) {
    (self.stepper, self.page, self.picture) = (stepper, page, picture)
    (self.rows, self.columns, self.commands) = (max(rows, 1), max(columns, 1), commands)
    paint = Paint(theme, color)
  }

  /// A screen, and how far its page can be scrolled.
  package struct Shown {
    package var screen: TerminalScreen
    /// The most lines that can stand above the page.
    package var mostScroll: Int
    /// The lines of the page that are seen.
    package var pageLines: Int
  }

  /// The least that a page can be shown on.
  package static let least = (rows: 8, columns: 30)

  /// The screen.
  package func shown() -> Shown {
    var screen = TerminalScreen(rows: rows, columns: columns)
    guard rows >= Self.least.rows, columns >= Self.least.columns else {
      screen.write("make this window larger; q quits", 0, 0)
      return Shown(screen: screen, mostScroll: 0, pageLines: 1)
    }
    bar(&screen)
    var row = 1
    if !stepper.showsHelp, !stepper.showsCommand {
      let sentence = SentenceView(
        stepper, paint, weights: weights, columns: columns, most: rows < 34 ? 2 : 4)
      row = sentence.write(&screen, row)
      RailView(stepper, paint).write(&screen, row)
      row += 1
    }
    rule(&screen, row)
    let body = row + 1..<rows - 2
    let lines = lines(body.count)
    let most = max(lines.count - body.count, 0)
    let first = min(stepper.scroll, most)
    for (index, line) in lines.dropFirst(first).prefix(body.count).enumerated() {
      screen.place(line, body.lowerBound + index, 0, width: columns)
    }
    footer(&screen, first, most)
    return Shown(screen: screen, mostScroll: most, pageLines: body.count)
  }

  /// How much the focused token looks at every key, where the station says it for one head.
  private var weights: [Double] {
    guard stepper.station.kind == .weights, stepper.focus.head != nil else { return [] }
    return page.numbers["weights"]?.elements?.compactMap(\.number) ?? []
  }

  // MARK: frame

  private func bar(_ screen: inout TerminalScreen) {
    screen.write(String(repeating: " ", count: columns), 0, 0, paint.bar)
    let place = "station \(stepper.place + 1) of \(stepper.terrain.stations.count) "
    var end = columns
    if columns >= 60 {
      end = columns - place.count
      screen.write(place, 0, end, paint.bar)
    }
    var column = screen.write(" attnviz step ", 0, 0, paint.barTitle)
    column = screen.write(
      " \(stepper.terrain.model) ", 0, column, paint.bar, width: max(end - column, 0))
    let words = state
    if !words.isEmpty {
      screen.write(" \(words) ", 0, column + 1, paint.barWarning, width: max(end - column - 2, 0))
    }
  }

  /// What is being computed, else what is changed and which run is shown.
  private var state: String {
    if let work = stepper.work {
      let words = work.changes.words
      return "computing \(words.isEmpty ? "the model" : words.joined(separator: ", "))"
        + (work.progress.isEmpty ? "" : ": \(work.progress)")
    }
    let words = stepper.changes.words
    guard !words.isEmpty else { return "" }
    return switch stepper.shown {
    case .changed: "changed: " + words.joined(separator: ", ")
    case .difference: "changed less original: " + words.joined(separator: ", ")
    case .original: "original, without: " + words.joined(separator: ", ")
    }
  }

  private func rule(_ screen: inout TerminalScreen, _ row: Int) {
    screen.write(
      String(repeating: paint.isPlain ? "-" : "─", count: columns), row, 0, paint.hairline)
  }

  private func footer(_ screen: inout TerminalScreen, _ first: Int, _ most: Int) {
    let (row, last) = (rows - 2, rows - 1)
    rule(&screen, row)
    if let prompt = stepper.prompt {
      let column = screen.write(prompt.question(stepper) + prompt.text, row, 0, paint.strong)
      screen.write(" ", row, min(column, columns - 1), .init(isReversed: true))
    } else {
      let more = more(first, most)
      let width = TerminalWidth.of(more)
      if let message = stepper.message {
        screen.write(
          TerminalWidth.shortened(message.text, to: columns - width - 1) + " ", row, 0,
          message.isWarning ? paint.warning : paint.accent)
      }
      if width < columns { screen.write(more, row, columns - width, paint.strong) }
    }
    StatusLine(stepper, paint).write(&screen, last)
  }

  /// How much of the page is not seen: in few words beside a message that needs the room.
  private func more(_ first: Int, _ most: Int) -> String {
    guard most > 0 else { return "" }
    guard first < most else { return " the end: PageUp " }
    let whole = " \(most - first) more lines: PageDown\(hint) "
    let used = stepper.message.map { TerminalWidth.of($0.text) } ?? 0
    return used + TerminalWidth.of(whole) < columns ? whole : " \(most - first) more "
  }

  /// Another way to see more.
  private var hint: String {
    stepper.isPictureWhole || stepper.showsHelp || stepper.showsCommand ? "" : ", Tab: picture"
  }

  // MARK: page

  private func lines(_ height: Int) -> [[TerminalCell]] {
    if stepper.showsHelp { return HelpPage(paint).lines(columns, stepper.terrain.kind) }
    if stepper.showsCommand { return commandLines }
    return PageView(self).lines(height)
  }

  private var commandLines: [[TerminalCell]] {
    var text = StyledText(columns)
    text.add("This view again", paint.strong)
    text.add("")
    for (index, command) in commands.enumerated() {
      if index == 1 {
        text.add("")
        text.add("Its picture as a file", paint.strong)
        text.add("")
      }
      text.add("  " + command, paint.accent, indent: 4)
    }
    text.add("")
    text.add(
      "It is printed again when you quit, so that it can be copied. Any key goes back.",
      paint.quiet)
    return text.lines
  }
}

extension Prompt {
  /// What the line says before the words.
  fileprivate func question(_ stepper: Stepper) -> String {
    switch kind {
    case .jump: return "go to (L3H5, L3, H5, weights): "
    case .find: return "find a token: "
    case .replace:
      let token =
        stepper.side.tokens.indices.contains(stepper.focus.token)
        ? stepper.side.tokens[stepper.focus.token].text : ""
      return "in place of \"\(token)\": "
    }
  }
}
