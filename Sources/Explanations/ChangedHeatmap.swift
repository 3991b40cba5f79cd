internal import Analysis
public import Figures
internal import Tensors
public import Transformers

extension Heatmap {
  /// The weights of one head, changed on purpose.
  ///
  /// - Throws: `ModelError` when its weights were not recorded.
  public init(_ choice: HeadChoice, of run: Run, edits: MapEdits) throws {
    let subject = HeadOfRun(choice, of: run)
    let map = edits.applied(
      to: WeightMap(try subject.recorded(.weights), mask: subject.mask), run)
    self.init(
      map, of: run, edits: edits, place: subject.place,
      title: choice.title ?? "Where every token looks in \(subject.place)", focus: choice.focus,
      notes: subject.notes())
  }

  /// The mean over the heads of a layer, or of all layers, of the weights of a run.
  ///
  /// - Throws: `ModelError` when weights were not recorded.
  public init(meanOfLayer layer: Int?, of run: Run, edits: MapEdits = MapEdits()) throws {
    let (mean, place) = try run.meanMap(ofLayer: layer)
    let note: [Inline] = [
      .text(
        "A mean hides what single heads do: a weight of the mean may be the habit of one head or a "
          + "little of many.")
    ]
    self.init(
      edits.applied(to: mean, run), of: run, edits: edits, place: place,
      title: "Where every token looks on average over \(place)", focus: nil,
      notes: [note] + (run.normalisationNote.map { [$0] } ?? []))
  }

  private init(
    _ map: WeightMap, of run: Run, edits: MapEdits, place: String, title: String, focus: Int?,
    notes: [[Inline]]
  ) {
    let row = focus.flatMap { focus in map.groups.firstIndex { $0.contains(focus) } }
    let largest = map.weights.max() ?? 0
    self.init(
      caption: Caption(
        title: title,
        subtitle: [.text("\(run.model) · \(place) · softmax weights "), .formula(.variable("a"))],
        badge: edits.badge(map, run), notes: notes + edits.notes(map, run),
        provenance: run.provenanceNote, summary: Self.summary(map, run, place)),
      values: map.weights.map { Float($0) }, mask: map.mask,
      rows: Axis("query", role: "looks from", tokens: run.labels(of: map, focus: row)),
      columns: Axis("key", role: "looks at", tokens: run.labels(of: map)), quantity: .weights,
      legend: LegendText(
        name: ["weight ", .formula(.variable("a"))],
        range: [.text("largest \(NumberFormat.weight(largest))")], note: run.rowSums))
    guard edits.isSinkAware else { return }
    let sinks = run.restingPlaces
    limits = 0...map.limit(outside: sinks)
    caption.notes.append([
      .text(
        "The colours end at the largest weight outside \(run.listed(sinks.sorted())), rounded up to a "
          + "twentieth; numbers are never cut.")
    ])
  }

  private static func summary(_ map: WeightMap, _ run: Run, _ place: String) -> String {
    let n = map.count
    func name(_ index: Int) -> String {
      map.groups[index].map { run.name(of: $0) }.joined(separator: " ").quoted
    }
    let links = map.weights.indices.sorted { map.weights[$0] > map.weights[$1] }.prefix(3).map {
      "\(name($0 / n)) at \(name($0 % n)) \(NumberFormat.weight(map.weights[$0]))"
    }
    let entropy =
      (0..<n).reduce(0.0) {
        $0 + Distribution.entropy(of: Array(map.weights[$1 * n..<($1 + 1) * n]))
      } / Double(max(n, 1))
    let changes = MapEdits().badge(map, run).map { " (\($0))" } ?? ""
    return "Attention weights of \(place) of \(run.model)\(changes), \(n) by \(n), as a heatmap. "
      + "Strongest: \(links.joined(separator: "; ")). Mean entropy of a row: "
      + "\(NumberFormat.fixed(entropy, decimals: 2)) nats."
  }
}

extension WeightMap {
  /// The largest weight on keys outside some positions, rounded up to a twentieth.
  func limit(outside positions: Set<Int>) -> Double {
    let columns = groups.indices.filter { !groups[$0].allSatisfy(positions.contains) }
    let largest = (0..<count).reduce(0.0) { largest, query in
      columns.reduce(largest) { max($0, self[query, $1]) }
    }
    return min(max((largest * 20).rounded(.up) / 20, 0.05), 1)
  }
}

extension Run {
  /// Special tokens and attention sinks of the recorded layers.
  var restingPlaces: Set<Int> {
    Set(specialPositions + Sinks(self).positions)
  }
}
