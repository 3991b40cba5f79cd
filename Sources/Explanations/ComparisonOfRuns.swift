internal import Analysis
public import Figures
internal import Files
internal import Tokenization
internal import Transformers

extension Heatmap {
  /// The difference a − b of the weights of two runs with the same tokens.
  ///
  /// - Precondition: `ComparedMap.matched` gave them.
  public init(_ a: ComparedMap, minus b: ComparedMap) {
    let words = ComparisonWords(a, b)
    let values = zip(a.weights, b.weights).map { Float($0 - $1) }
    let isMasked = words.mask.contains(true)
    let shown = values.indices.filter { !words.mask[$0] }.map { values[$0] }
    let (low, high) = (shown.min() ?? 0, shown.max() ?? 0)
    self.init(
      caption: words.caption(
        title: words.finding, subtitle: words.differenceSubtitle, notes: words.differenceNotes),
      values: values, mask: isMasked ? words.mask : nil,
      rows: Axis("query", role: "looks from", tokens: a.rows),
      columns: Axis("key", role: "looks at", tokens: a.columns), quantity: .difference,
      legend: LegendText(
        name: ["difference ", .formula(.row([.variable("a"), .sign("−"), .variable("b")]))],
        range: [
          .text(
            "\(NumberFormat.difference(Double(low))) to \(NumberFormat.difference(Double(high)))")
        ],
        note: [.text("above 0: more in \(words.names.a), below: more in \(words.names.b)")]),
      maskLegend: LegendText(name: ["masked"], note: [.text(words.maskNote)]))
  }
}

extension MapComparison {
  /// The maps of two runs side by side.
  public init(_ a: ComparedMap, beside b: ComparedMap) {
    let words = ComparisonWords(a, b)
    func panel(_ map: ComparedMap, _ letter: String, _ name: String) -> MapSheet.Panel {
      MapSheet.Panel(
        title: name, note: [.text("\(letter): \(map.run.model) · \(map.place)")], badge: map.badge,
        tokens: map.rows, columns: map.columns, values: map.weights.map { Float($0) },
        mask: map.mask)
    }
    self.init(
      caption: words.caption(
        title: "Where every token looks in \(words.names.a) and in \(words.names.b)",
        subtitle: words.sideSubtitle, badge: false, notes: words.sideNotes),
      sheet: MapSheet(
        rows: a.rows, columns: a.columns,
        panels: [panel(a, "a", words.names.a), panel(b, "b", words.names.b)],
        legend: LegendText(
          name: ["weight ", .formula(.variable("a"))], range: ["both maps"],
          note: a.run.origin?.deviation == nil ? b.run.rowSums : a.run.rowSums)))
  }
}

/// The words around two maps.
private struct ComparisonWords {
  let a: ComparedMap
  let b: ComparedMap

  init(_ a: ComparedMap, _ b: ComparedMap) { (self.a, self.b) = (a, b) }

  /// What tells the two apart: the models, else the texts, else the heads.
  var names: (a: String, b: String) {
    if a.run.model != b.run.model { return (a.run.model, b.run.model) }
    let texts = [a, b].map { $0.run.source?.text ?? $0.run.text }
    if texts[0] != texts[1] {
      let short = texts.map { $0.visible.shortened(to: 40).isolated.quoted }
      return short[0] == short[1] ? ("the first text", "the second text") : (short[0], short[1])
    }
    if a.place != b.place { return (a.place, b.place) }
    return ("the first run", "the second run")
  }

  private var subjects: (a: String, b: String) {
    ("\(a.run.model) \(a.place)", "\(b.run.model) \(b.place)")
  }

  func caption(
    title: String, subtitle: [Inline], badge: Bool = true, notes: [[Inline]]
  ) -> Caption {
    Caption(
      title: title, subtitle: subtitle, badge: badge ? self.badge : nil, notes: notes,
      provenance: ["a: "] + a.run.provenanceNote + [" b: "] + b.run.provenanceNote,
      summary: "\(title). \(summary)")
  }

  // MARK: the difference

  /// What one of the two may not look at.
  var mask: [Bool] {
    a.weights.indices.map { a.mask?[$0] ?? false || b.mask?[$0] ?? false }
  }

  /// A row or column; the same words are told apart by their places.
  private func name(_ labels: [TokenLabel], _ place: Int) -> String {
    let text = labels[place].text
    let isAlone = labels.count { $0.text == text } == 1
    return (isAlone ? text : "\(text) (\(place))").isolated.quoted
  }

  var differenceSubtitle: [Inline] {
    [
      .text(
        (subjects.a == subjects.b
          ? "a and b: \(subjects.a)" : "a: \(subjects.a) · b: \(subjects.b)")
          + " · difference of softmax weights "),
      .formula(.row([.variable("a"), .sign("−"), .variable("b")])),
    ]
  }

  /// Smaller differences are those of rounding.
  private static let leastFinding = 0.0005

  /// The largest difference in words.
  var finding: String {
    let (differences, mask) = (zip(a.weights, b.weights).map { $0 - $1 }, mask)
    let m = a.columns.count
    // A row with a single key that may be looked at is 1 whatever the model thinks.
    let isOpen = a.rows.indices.map { row in (0..<m).count { !mask[row * m + $0] } > 1 }
    let shown = differences.indices.filter { !mask[$0] && isOpen[$0 / m] }
    guard let place = shown.max(by: { abs(differences[$0]) < abs(differences[$1]) }),
      differences[place] != 0
    else { return "No weight differs between \(names.a) and \(names.b)" }
    guard abs(differences[place]) >= Self.leastFinding else {
      let most = NumberFormat.difference(abs(differences[place])).dropFirst()
      return "No weight differs by more than \(most) between \(names.a) and \(names.b)"
    }
    let (row, column) = (place / a.columns.count, place % a.columns.count)
    let size = NumberFormat.difference(abs(differences[place])).dropFirst()
    let (more, less) = differences[place] > 0 ? (names.a, names.b) : (names.b, names.a)
    return
      "\(name(a.rows, row)) gives \(name(a.columns, column)) \(size) more in \(more) than in \(less)"
  }

  /// How much of every row's weight is elsewhere: half the sum of |a − b|.
  private var moved: [Double] {
    let m = a.columns.count
    return a.rows.indices.map { row in
      (row * m..<(row + 1) * m).reduce(0) { $0 + abs(a.weights[$1] - b.weights[$1]) } / 2
    }
  }

  private var summary: String {
    guard a.weights.count == b.weights.count, a.columns.count == b.columns.count else {
      return "\(a.rows.count) by \(a.columns.count) weights of \(subjects.a) beside "
        + "\(b.rows.count) by \(b.columns.count) of \(subjects.b), as two heatmaps."
    }
    let mean = moved.reduce(0, +) / Double(max(moved.count, 1))
    return
      "\(subjects.a) against \(subjects.b), \(a.rows.count) by \(a.columns.count). Half the sum "
      + "of the differences of a row: \(NumberFormat.amount(mean, decimals: 2)) on average."
  }

  var differenceNotes: [[Inline]] {
    let mean = moved.reduce(0, +) / Double(max(moved.count, 1))
    let most = moved.indices.max { moved[$0] < moved[$1] }
    var words =
      "Half the sum of the differences of a row is the part of its weight that is elsewhere: "
    words += "\(NumberFormat.amount(mean, decimals: 2)) on average"
    if let most, moved[most] > 0 {
      words +=
        ", at most \(NumberFormat.amount(moved[most], decimals: 2)) "
        + "(\(name(a.rows, most))); 0 is the same row, 1 no key in common"
    }
    return [[.text(words + "." + hidden)]] + choices + shared
  }

  /// How much weight lies where only the other one is masked.
  private var hidden: String {
    [(a, b, names.a), (b, a, names.b)].compactMap { own, other, name in
      guard let mask = other.mask, mask != own.mask else { return nil }
      let sum = own.weights.indices.reduce(0) { $0 + (mask[$1] ? own.weights[$1] : 0) }
      let part = sum / Double(max(own.rows.count, 1))
      return part > 0
        ? " Hatched cells hold \(Precision.percent(part)) of the weight of \(name)." : nil
    }.joined()
  }

  var maskNote: String {
    let (x, y) = (a.mask?.contains(true) ?? false, b.mask?.contains(true) ?? false)
    if x, y { return a.mask == b.mask ? "in both" : "in one of them or both" }
    return "in \(x ? names.a : names.b) alone"
  }

  // MARK: side by side

  var sideSubtitle: [Inline] {
    [
      .text(
        (subjects.a == subjects.b ? "\(subjects.a) twice" : "\(subjects.a) beside \(subjects.b)")
          + " · softmax weights "), .formula(.variable("a")),
      " · one scale · rows: looks from, columns: looks at",
    ]
  }

  var sideNotes: [[Inline]] { choices + shared }

  // MARK: both

  private var badge: String? {
    switch (a.badge, b.badge) {
    case (nil, nil): nil
    case (let x?, let y?) where x == y: x
    case (let x, let y):
      [x.map { "\(names.a): \($0)" }, y.map { "\(names.b): \($0)" }].compactMap(\.self)
        .joined(separator: " · ")
    }
  }

  /// How the heads were chosen.
  private var choices: [[Inline]] {
    let first = a.choice.map { [["a: "] + $0.words] } ?? []
    guard let second = b.choice else { return first }
    let isSame = a.choice?.layer == second.layer && a.choice?.head == second.head
    return first
      + [isSame && a.run.model == b.run.model ? ["b: the same head."] : ["b: "] + second.words]
  }

  /// What edits mean, and what labels mean, each once.
  private var shared: [[Inline]] {
    let all =
      a.notes + b.notes + [a.run.normalisationNote, b.run.normalisationNote].compactMap(\.self)
    return all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
