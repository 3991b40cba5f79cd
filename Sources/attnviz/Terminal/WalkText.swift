import Explanations
import Figures
import Files
import TextDrawing
import Transformers

/// A walk as lines of text: one station after another.
struct WalkText {
  let walk: Walk
  let choice: WalkChoice
  let color: TerminalColor
  let columns: Int
  let style: Style
  /// Whether all stations of the layer in focus show their pictures.
  var showsEveryPicture = false
  /// What was changed, in words; empty for the model's own run.
  var edits = ""

  /// The whole walk: the layers in focus in full, a line for every station of the others.
  func whole() throws -> String {
    var text = heading
    var last: Station?
    for station in walk.stations {
      if choice.isInFull(station) {
        text += try "\n" + page(station, isSingle: false)
      } else {
        if last.map(choice.isInFull) ?? true || last?.layer != station.layer { text += "\n" }
        text += try line(station)
      }
      last = station
    }
    return text
  }

  /// Some stations with all their numbers.
  func pages(_ stations: [Station]) throws -> String {
    try stations.map { try page($0, isSingle: true) }.joined(separator: "\n")
  }

  private var heading: String {
    let run = walk.run
    let shape = run.configuration
    let sizes =
      shape.encoder.map {
        "an encoder of \($0.layers) layers × \($0.heads) heads and a decoder of \(shape.layers) × \(shape.heads)"
      } ?? "\(shape.layers) layers × \(shape.heads) heads"
    let read = run.text.isEmpty ? "the empty text" : "“\(run.text.visible)”"
    let places = shape.stacks.map { stack in
      let focus = choice.focus(of: stack)
      let part = stack == .sole ? "" : "\(stack.rawValue) "
      return "\(part)L\(focus.layer)" + (focus.head.map { "H\($0)" } ?? "")
    }
    return color.bold("A walk through \(run.model)") + "\n"
      + wrapped("\(read), \(walk.tokens(of: shape.stacks[0]).count) tokens · \(sizes)" + edits, 0)
      + wrapped(
        "In full: \(places.joined(separator: ", ")); of other layers a line for each station. "
          + "\(showsEveryPicture ? "" : "--layer 0 shows another one with every picture, ")--station L0.weights "
          + "a single stop.", 0, isQuiet: true)
  }

  // MARK: a station

  private func line(_ station: Station) throws -> String {
    let page = try walk.page(of: station, focus: choice.focus(at: station))
    let name = station.id
    let space = String(repeating: " ", count: max(1, nameWidth - name.count))
    let changed = page.change.map { $0.largest > 0 ? " *" : "" } ?? ""
    let words = plain(page.line)
    return color.quiet(name) + space
      + TerminalWidth.shortened(
        words, to: max(20, columns - name.count - space.count - changed.count))
      + changed + "\n"
  }

  /// The longest id of a station in a layer, and a space.
  private var nameWidth: Int {
    walk.stations.reduce(0) { max($0, $1.id.count) } + 1
  }

  private func page(_ station: Station, isSingle: Bool) throws -> String {
    let page = try walk.page(of: station, focus: choice.focus(at: station))
    var text = color.bold(station.id) + "  " + color.bold(page.title)
    let place = plain(page.place)
    let room = columns - TerminalWidth.of(station.id + page.title) - 4
    if !place.isEmpty {
      text += (TerminalWidth.of(place) <= room ? "  " : "\n  ") + color.quiet(place)
    }
    text += "\n"
    text += flow(page)
    for line in page.formula { text += wrapped(plain(line), 4, hanging: 6) }
    text += wrapped(plain(page.happens + " " + page.lookFor), 2)
    for line in page.change?.lines ?? [] { text += wrapped("edited: " + plain(line), 2) }
    if isSingle || hasPicture(station) {
      if let figure = page.figure { text += drawn(figure) }
      if let difference = page.change?.figure { text += drawn(difference) }
    }
    guard let table = page.table else { return text }
    return text + (isSingle ? lines(of: table) : isListed(station) ? listed(table) : "")
  }

  /// Whether a station has its picture in the whole walk: few do, where no layer was asked for.
  private func hasPicture(_ station: Station) -> Bool {
    showsEveryPicture || [.weights, .mixed, .distribution].contains(station.kind)
  }

  /// Whether its numbers are listed there: those of a score are with its weight.
  private func isListed(_ station: Station) -> Bool {
    station.kind != .scaled && station.kind != .masked
  }

  /// What goes in and comes out.
  private func flow(_ page: StationPage) -> String {
    let inputs = page.inputs.map(\.text).joined(separator: ", ")
    let outputs = page.outputs.map(\.text).joined(separator: ", ")
    return wrapped(plain(inputs.isEmpty ? "→ \(outputs)" : "\(inputs) → \(outputs)"), 2)
  }

  private func drawn(_ figure: any Figure) -> String {
    TextRenderer(color, columns: columns)
      .text(of: StationPage.picture(figure, columns: columns), in: style)
  }

  /// A table in columns.
  private func lines(of table: StationPage.Table) -> String {
    let text = Table(
      table.header, table.rows.map { $0.map(plain) }, right: table.right
    ).text
    let inset = text.split(separator: "\n").map { "  " + $0 + "\n" }.joined()
    return inset + (table.note.isEmpty ? "" : wrapped(plain(table.note), 2, isQuiet: true))
  }

  /// The numbers of a table in running lines: "0 [CLS] .12 · 1 the .40 · …".
  private func listed(_ table: StationPage.Table) -> String {
    let cells = table.rows.map { plain($0.filter { !$0.isEmpty }.joined(separator: " ")) }
    return wrapped(
      table.header.joined(separator: " ") + ": " + cells.joined(separator: " · "), 2, hanging: 4,
      isQuiet: true)
  }

  // MARK: lines

  /// Text without marks of direction and with everything made visible that could steer a terminal.
  private func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.filter { !(0x2066...0x2069).contains($0.value) })
    )
    .visible
  }

  /// Words in lines of the terminal's width.
  private func wrapped(
    _ text: String, _ indent: Int, hanging: Int? = nil, isQuiet: Bool = false
  ) -> String {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var (used, isEmpty) = (indent, true)
    for word in text.split(separator: " ") {
      let width = TerminalWidth.of(String(word))
      if !isEmpty, used + 1 + width > columns {
        lines.append(line)
        line = String(repeating: " ", count: hanging ?? indent)
        (used, isEmpty) = (hanging ?? indent, true)
      }
      line += (isEmpty ? "" : " ") + word
      used += width + (isEmpty ? 0 : 1)
      isEmpty = false
    }
    return (lines + [line]).map { (isQuiet ? color.quiet($0) : $0) + "\n" }.joined()
  }
}
