internal import Analysis
internal import Figures
internal import Tensors
internal import Tokenization
public import Transformers

/// The weights of one head of a run, or the mean of heads, to be compared with those of another run.
public struct ComparedMap: Sendable {
  /// The run.
  let run: Run
  /// "L3H5".
  let place: String
  /// How the head was chosen, where it was not simply that of the other run.
  let choice: HeadChoice?
  let weights: [Double]
  let mask: [Bool]?
  let rows: [TokenLabel]
  let columns: [TokenLabel]
  /// What was done to the map.
  let badge: String?
  let notes: [[Inline]]
  /// The words of rows and columns by which two maps are matched.
  let rowNames: [String]
  let columnNames: [String]
  /// The positions of the run that each row stands for.
  private let groups: [[Int]]
  /// The map as it was recorded; `nil` where keys are other tokens.
  private let recorded: WeightMap?
  private let edits: MapEdits

  /// The weights of a head.
  ///
  /// - Throws: `ModelError` when they were not recorded.
  public init(_ choice: HeadChoice, of run: Run, edits: MapEdits) throws {
    let subject = HeadOfRun(choice, of: run)
    let weights = try subject.recorded(.weights)
    guard run.stack != .cross else {
      self.init(cross: weights, choice, of: run)
      return
    }
    self.init(
      WeightMap(weights, mask: subject.mask), of: run, edits: edits, place: subject.place,
      choice: choice)
  }

  /// The mean over the heads of a layer, or of all layers.
  ///
  /// - Throws: `ModelError` when weights were not recorded.
  public init(meanOfLayer layer: Int?, of run: Run, edits: MapEdits) throws {
    let (mean, place) = try run.meanMap(ofLayer: layer)
    self.init(mean, of: run, edits: edits, place: place, choice: nil)
  }

  private init(
    _ map: WeightMap, of run: Run, edits: MapEdits, place: String, choice: HeadChoice?
  ) {
    self.init(
      edited: edits.applied(to: map, run), from: map, of: run, edits: edits, place: place,
      choice: choice)
  }

  private init(
    edited map: WeightMap, from recorded: WeightMap, of run: Run, edits: MapEdits, place: String,
    choice: HeadChoice?
  ) {
    (self.run, self.place, self.choice, self.edits) = (run, place, choice, edits)
    (weights, mask, self.recorded) = (map.weights, map.mask, recorded)
    (badge, notes) = (edits.badge(map, run), edits.notes(map, run))
    rows = run.labels(of: map)
    columns = rows
    rowNames = map.groups.map { run.tokens.comparedName(of: $0) }
    columnNames = rowNames
    groups = map.groups
  }

  /// A look at the source: keys are other tokens than queries.
  private init(cross weights: Tensor, _ choice: HeadChoice, of run: Run) {
    (self.run, self.choice, edits) = (run, choice, MapEdits())
    place = HeadOfRun(choice, of: run).place
    self.weights = weights.numbers.map(Double.init)
    (mask, badge, notes, recorded) = (nil, nil, [], nil)
    (rows, columns) = (run.labels(), run.keys.tokens.labels())
    rowNames = run.tokens.indices.map { run.tokens.comparedName(of: [$0]) }
    groups = run.tokens.indices.map { [$0] }
    columnNames = run.keys.tokens.indices.map { run.keys.tokens.comparedName(of: [$0]) }
  }

  /// The map without special tokens, its rows divided by what is left.
  private var withoutSpecial: ComparedMap {
    var edits = edits
    edits.removesSpecial = true
    return recorded.map { with(edits.applied(to: $0, run)) } ?? self
  }

  private func with(_ map: WeightMap) -> ComparedMap {
    guard let recorded else { return self }
    return ComparedMap(
      edited: map, from: recorded, of: run, edits: edits, place: place, choice: choice)
  }

  /// Whether both maps have the same tokens.
  private func matches(_ other: ComparedMap) -> Bool {
    rowNames == other.rowNames && columnNames == other.columnNames
  }

  /// Two maps with the same tokens one to one: as they are, or without special tokens where those
  /// differ. Where pieces are merged into words and the models cut words otherwise, what lies between
  /// two cuts that both have is one word.
  ///
  /// - Returns: `nil` when other tokens differ.
  public static func matched(
    _ a: ComparedMap, _ b: ComparedMap
  ) -> (a: ComparedMap, b: ComparedMap)? {
    if a.matches(b) { return (a, b) }
    let (x, y) = (a.withoutSpecial, b.withoutSpecial)
    if x.matches(y) { return (x, y) }
    guard a.edits.mergesWords, b.edits.mergesWords, x.recorded != nil, y.recorded != nil,
      x.letters.joined() == y.letters.joined()
    else { return nil }
    let common = Set(x.cuts).intersection(y.cuts)
    let (u, v) = (x.merged(at: common), y.merged(at: common))
    return u.matches(v) ? (u, v) : nil
  }

  /// The rows' words without spaces.
  private var letters: [String] { rowNames.map { $0.filter { !$0.isWhitespace } } }

  /// After how many scalars of the text each row ends.
  private var cuts: [Int] {
    var end = 0
    return letters.map { word in
      end += word.unicodeScalars.count
      return end
    }
  }

  /// The map without special tokens, with everything merged that lies between two cuts.
  private func merged(at common: Set<Int>) -> ComparedMap {
    guard let recorded else { return self }
    let special = Set(run.specialPositions)
    var words = [Int?](repeating: nil, count: run.count)
    var word = 0
    for (group, cut) in zip(groups, cuts) {
      for position in group { words[position] = word }
      if common.contains(cut) { word += 1 }
    }
    let ordinary = special.isEmpty ? recorded : recorded.removing(special)
    return with(ordinary.merging(words: words))
  }

  /// Where the tokens of two maps differ first, in a sentence.
  public static func difference(_ a: ComparedMap, _ b: ComparedMap) -> String {
    let (x, y) = (a.withoutSpecial, b.withoutSpecial)
    let isRow = x.rowNames != y.rowNames
    let (left, right) = isRow ? (x.rows, y.rows) : (x.columns, y.columns)
    let (names, others) = isRow ? (x.rowNames, y.rowNames) : (x.columnNames, y.columnNames)
    let place = zip(names, others).enumerated().first { $0.1.0 != $0.1.1 }?.0
    guard let place else { return "\(left.count) tokens against \(right.count)" }
    return "\(left[place].text.quoted) against \(right[place].text.quoted) at place \(place)"
  }
}

extension [DisplayToken] {
  /// What is compared of a token or of the pieces of a word: the text that it stands for, whatever its
  /// case, without the spaces around it.
  fileprivate func comparedName(of group: [Int]) -> String {
    let isWord = group.allSatisfy { self[$0].kind != .special }
    var source = ""
    for position in group {
      let piece = isWord ? self[position].source : self[position].raw
      // Parts of one character all have it as their source.
      if group.count == 1 || self[position].kind != .partial || !source.hasSuffix(piece) {
        source += piece
      }
    }
    let name = source.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return group.count == 1 && self[group[0]].kind == .partial
      ? "\(name) \(self[group[0]].text)" : name
  }
}

extension Run {
  /// The mean over the heads of a layer, or of all recorded ones.
  func meanMap(ofLayer layer: Int?) throws -> (map: WeightMap, place: String) {
    let shape = configuration
    if let layer { try check(layer: layer) }
    let recorded = origin == nil ? Array(0..<shape.layers) : recordedLayers
    let layers = layer.map { [$0] } ?? recorded
    let kept = layers.compactMap { trace[.weights, layer: $0] }
    let maps = kept.lazy.flatMap { map in (0..<map.shape[0]).lazy.map { map.slice($0) } }
    guard kept.count == layers.count,
      let mean = WeightMap(meanOf: maps, mask: layers.first.flatMap { trace.masks[$0] })
    else { throw missing(.weights) }
    let place =
      layer.map { "all heads of L\($0)" }
      ?? "all heads of \(origin == nil ? "all layers" : layers.ranges)"
    return (mean, place)
  }
}
