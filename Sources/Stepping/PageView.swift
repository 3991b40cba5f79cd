internal import Explanations
internal import TextDrawing

/// The page of a station: words and picture one below the other, or beside one another where there
/// is room.
struct PageView {
  private let view: StepView

  init(_ view: StepView) { self.view = view }

  private var stepper: Stepper { view.stepper }
  private var page: StationPage { view.page }
  private var paint: Paint { view.paint }

  /// From how many columns on words and picture stand side by side.
  private static let wide = 110

  func lines(_ height: Int) -> [[TerminalCell]] {
    if stepper.isPictureWhole { return illustration(view.columns, height) }
    guard view.columns >= Self.wide else {
      let words = words(view.columns - 2)
      return words + [[]] + illustration(view.columns, height - words.count - 1)
    }
    let width = min(view.columns * 2 / 5, 72)
    var left = words(width - 3)
    if page.figure != nil, !stepper.showsNumbers, let table = page.table, left.count + 6 < height {
      left += [[]] + TableView(table, paint).lines(width - 3, most: height - left.count - 1)
    }
    let right = illustration(view.columns - width - 1, height)
    return Self.beside(left, right, at: width, rule: (paint.isPlain ? "|" : "│", paint.hairline))
  }

  /// Lines beside others, which begin at a column.
  static func beside(
    _ left: [[TerminalCell]], _ right: [[TerminalCell]], at column: Int,
    rule: (Character, TerminalCell.Look)? = nil
  ) -> [[TerminalCell]] {
    let cell = rule.map { TerminalCell($0.0, $0.1) } ?? TerminalCell()
    return (0..<max(left.count, right.count)).map { row in
      var line = Array((left.indices.contains(row) ? left[row] : []).prefix(column - 1))
      line += Array(repeating: TerminalCell(), count: column - 1 - line.count)
      return line + [cell] + (right.indices.contains(row) ? right[row] : [])
    }
  }

  // MARK: words

  private func words(_ width: Int) -> [[TerminalCell]] {
    var text = StyledText(width)
    text.add([(page.title, paint.strong), ("  " + page.place, paint.quiet)], indent: 2)
    let flow = [page.inputs, page.outputs].map { $0.map(\.text).joined(separator: ", ") }
      .filter { !$0.isEmpty }.joined(separator: paint.isPlain ? " -> " : " → ")
    if !flow.isEmpty { text.add(flow, paint.quiet, indent: 2) }
    for line in page.formula { text.add([(line, paint.formula)], indent: 6) }
    text.add([(page.happens, .init())])
    if !page.lookFor.isEmpty {
      text.add([(paint.isPlain ? "> " : "▸ ", paint.accent), (page.lookFor, .init())], indent: 2)
    }
    if let change = page.change, stepper.shown != .original {
      for line in change.lines {
        text.add([("Δ ", paint.warning), (line, paint.changed)], indent: 2)
      }
    }
    return text.lines.map { [TerminalCell()] + $0 }
  }

  // MARK: picture

  /// The picture; before anything is scrolled, with the focused row among the lines that are seen.
  private func illustration(_ width: Int, _ room: Int) -> [[TerminalCell]] {
    if stepper.showsNumbers, let table = page.table { return lines(of: table, width, room) }
    let picture = view.picture(width, room, stepper.isPictureWhole).condensed()
    if picture.lines.isEmpty, let table = page.table { return lines(of: table, width, room) }
    return stepper.scroll == 0 ? picture.scrolledToFocus(room: room) : picture.lines
  }

  /// A table; of one with a row for every token, the focused one is marked and among the lines that
  /// are seen.
  private func lines(
    of table: StationPage.Table, _ width: Int, _ room: Int
  ) -> [[TerminalCell]] {
    let focus = stepper.station.kind == .tokens ? stepper.focus.token : nil
    let lines = TableView(table, paint).lines(width - 2, most: nil, focus: focus)
    guard let focus, focus < table.rows.count, stepper.scroll == 0 else { return lines }
    return TextPicture(lines: lines, grid: 1..<1 + table.rows.count, focus: 1 + focus)
      .scrolledToFocus(room: room)
  }
}
