internal import Figures
internal import Tensors
internal import Transformers

extension WalkPlace {
  /// A row of the stream to compare.
  func compared(_ letter: String, _ value: Site.Value) -> StationContent.Compared {
    .init(
      symbol: letter + WalkNumbers.index(i), name: { "dimension \($0)" }, print: WalkNumbers.text,
      row: { $0.row(try $0.recorded(value)) })
  }

  /// A row of a map to compare, and of one head the whole map.
  func comparedMap(
    _ letter: String, _ value: Site.Value, allowedOnly: Bool = false
  ) -> StationContent.Compared {
    let isWeights = value == .weights
    return StationContent.Compared(
      symbol: letter + WalkNumbers.index(i), name: keyName,
      print: { isWeights ? NumberFormat.weight($0) : WalkNumbers.text($0) },
      row: { try $0.mapRow(value, allowedOnly: allowedOnly) },
      matrix: focus.head == nil ? nil : { try $0.recorded(value, head: $0.head) },
      isWeights: isWeights)
  }

  /// The focused token's row of a map; 0 where the mask hides a key, when it is asked to.
  private func mapRow(_ value: Site.Value, allowedOnly: Bool) throws -> [Double] {
    let all = row(try recorded(value, head: head))
    guard allowedOnly else { return all }
    return all.enumerated().map { key, score in allows(key) ? score : 0 }
  }
}

/// What a station of a changed run shows against the run without edits.
struct WalkComparison {
  private let compared: StationContent.Compared
  private let place: WalkPlace
  private let original: WalkPlace

  /// `nil` where the station has nothing to compare.
  init?(_ content: StationContent, _ place: WalkPlace, _ original: WalkPlace) throws {
    guard let compared = content.compared else { return nil }
    self.compared = compared
    self.place = place
    self.original = original
  }

  func change() throws -> StationPage.Change {
    guard place.i < original.n, place.n == original.n || place.stack == .decoder || place.isCross
    else {
      return .init(
        lines: ["Without edits there is no token \(place.i) to compare with."], figure: nil,
        largest: 0)
    }
    let (new, old) = (try compared.row(place), try compared.row(original))
    let count = min(new.count, old.count)
    let changes = (0..<count).map { abs(new[$0] - old[$0]) }
    guard let most = changes.indexOfLargest, changes[most] > 0 else {
      return .init(lines: ["\(compared.symbol): nothing changes here."], figure: nil, largest: 0)
    }
    var lines = [
      "\(compared.symbol): largest change at \(compared.name(most)), \(compared.print(old[most])) → "
        + compared.print(new[most])
    ]
    if !compared.isWeights, place.station.kind != .tokens {
      let size = old.length
      let share = size > 0 ? zip(new, old).map { $0 - $1 }.length / size : 0
      if place.station.kind.isOutput == false, !place.station.kind.isMap {
        lines.append("the row changes by \(WalkNumbers.percent(share)) of its length")
      }
    }
    return .init(lines: lines, figure: try figure(), largest: changes[most])
  }

  /// The difference of both maps, where they have one shape.
  private func figure() throws -> (any Figure)? {
    guard let matrix = compared.matrix else { return nil }
    let (new, old) = (try matrix(place), try matrix(original))
    guard new.shape == old.shape else { return nil }
    let values = zip(new.numbers, old.numbers).map { $0 - $1 }
    let kind = place.station.kind
    let labels =
      kind == .keys || kind == .values
      ? place.run.keys.tokens.labels() : place.run.labels(focus: place.i)
    let columns =
      kind.isMap
      ? Axis("key", role: "looks at", tokens: place.run.keys.tokens.labels())
      : Axis("dimension", count: new.width)
    return place.differenceFigure(
      values, rows: labels, columns: columns, isWeights: compared.isWeights,
      "What the edits change in \(place.headName)\(place.run.stackWords)")
  }
}
