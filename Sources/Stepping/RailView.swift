internal import Explanations
internal import TextDrawing
internal import Transformers

/// The way: the stations around this one, this one marked.
struct RailView {
  private let stepper: Stepper
  private let paint: Paint

  init(_ stepper: Stepper, _ paint: Paint) { (self.stepper, self.paint) = (stepper, paint) }

  func write(_ screen: inout TerminalScreen, _ row: Int) {
    let pieces = pieces
    let start = pieces.firstIndex { $0.isHere } ?? 0
    // What stands before the station is left out where the line is too short.
    var first = 0
    func width(_ range: Range<Int>) -> Int {
      pieces[range].reduce(1) { $0 + TerminalWidth.of($1.text) + 1 }
    }
    while first < start, width(first..<min(start + 4, pieces.count)) > screen.columns { first += 1 }
    var column = 1
    for piece in pieces[first...] {
      column = screen.write(piece.text, row, column, piece.look) + 1
    }
    if width(first..<pieces.count) > screen.columns {
      screen.write("…", row, screen.columns - 1, paint.quiet)
    }
  }

  private var pieces: [(text: String, isHere: Bool, look: TerminalCell.Look)] {
    let all = stepper.terrain.stations
    let here = stepper.station
    let group = group(here)
    let inside = all.indices.filter { self.group(all[$0]) == group }
    guard let first = inside.first, let last = inside.last else { return [] }
    var pieces: [(String, Bool, TerminalCell.Look)] = []
    if first > 0 { pieces.append((name(all[first - 1]) + " ›", false, paint.quiet)) }
    if let title = title(here) { pieces.append((title, false, paint.strong)) }
    for index in inside {
      let isHere = index == stepper.place
      let look = isHere ? paint.focused : index < stepper.place ? .init() : paint.quiet
      pieces.append((all[index].kind.short, isHere, look))
    }
    if last + 1 < all.count { pieces.append(("› " + name(all[last + 1]), false, paint.quiet)) }
    return pieces
  }

  /// Stations that stand together: one layer's, or those before or after the layers.
  private func group(_ station: Station) -> String {
    let place = station.layer.map { "L\($0)" } ?? (station.kind.isBefore ? "before" : "after")
    // A decoder that looks at a source has two attentions: what follows belongs to the second.
    let isFirst = station.stack == .decoder && station.kind.isInAttention
    return "\(Terrain.owner(station.stack)) \(place)\(isFirst ? " itself" : "")"
  }

  private func title(_ station: Station) -> String? {
    let isCross =
      station.stack == .cross
      || station.stack == .decoder && station.layer != nil
        && !station.kind.isInAttention
    let stack = station.stack == .sole ? nil : isCross ? "source" : station.stack.rawValue
    let words = [stack, station.layer.map { "L\($0)" }].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: " ") + ":"
  }

  private func name(_ station: Station) -> String {
    station.layer.map { "L\($0)" } ?? station.kind.short
  }
}

extension Station.Kind {
  /// A word of few letters.
  var short: String {
    switch self {
    case .text, .tokens, .logits: rawValue
    case .embedding: "embed"
    case .queries: "Q"
    case .keys: "K"
    case .values: "V"
    case .scores: "q·k"
    case .scaled: "÷√d"
    case .masked: "mask"
    case .weights: "softmax"
    case .mixed: "Σαv"
    case .concatenated: "concat"
    case .projected: "W_O"
    case .addAttention, .addFeedForward: "add"
    case .feedForward: "FFN"
    case .finalNorm: "norm"
    case .distribution: "p(τ)"
    case .nextToken: "next"
    }
  }

  /// Whether it comes before the layers of its stack.
  fileprivate var isBefore: Bool { self == .text || self == .tokens || self == .embedding }
}
