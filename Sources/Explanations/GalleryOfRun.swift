internal import Analysis
public import Figures
internal import Tensors
internal import Tokenization
public import Transformers

extension Gallery {
  /// Every head of a run on one sheet.
  ///
  /// - Parameters:
  ///   - run: A run that recorded the weights and values of every layer.
  ///   - transformer: The model that ran.
  /// - Throws: `ModelError` when they were not recorded.
  public init(of run: Run, transformer: Transformer?) throws {
    guard let story = Story(run, of: transformer) else {
      throw run.missing(.weights)
    }
    self.init(story)
  }

  init(_ story: Story) {
    let run = story.run
    let shape = run.configuration
    let words = GalleryWords(story: story)
    self.init(
      caption: words.caption, layers: story.contributions.layers, heads: Array(0..<shape.heads),
      rows: run.count, columns: run.keys.count,
      panels: words.summaries.map { summary in
        Panel(
          values: run.trace[.weights, layer: summary.layer, head: summary.head]?.numbers ?? [],
          sinkShare: words.sinks.isEmpty ? nil : Double(summary.specialShare))
      },
      mask: run.mask(layer: story.contributions.layers[0]), highlighted: words.highlighted, example: words.example,
      legend: LegendText(
        name: ["weight ", .formula(.variable("a"))], range: ["all panels"],
        note: run.rowSums))
  }
}

extension Story {
  /// The sheet of all heads.
  var gallery: Explanation.Drawn {
    Explanation.Drawn(
      name: "gallery", figure: Gallery(self),
      caption: "Every head of \(run.model): rows are layers, columns are heads, and each panel is "
        + "one map of weights on the same scale.")
  }
}

/// The words around a gallery.
private struct GalleryWords {
  let story: Story
  /// Special tokens and attention sinks.
  let sinks: [Int]
  /// The heads, with the share of the weight on `sinks`.
  let summaries: [HeadSummary]

  /// More tokens than this leave no room for a large example panel with its labels.
  private static let mostTokens = 48

  init(story: Story) {
    let run = story.run
    let isSpecial = run.keys.encoding.isSpecial
    let special = isSpecial.indices.filter { isSpecial[$0] }
    let sinks = Set(special + story.sinks.positions).sorted()
    self.story = story
    self.sinks = sinks
    summaries = HeadSummary.all(of: run, special: sinks)
  }

  private var run: Run { story.run }

  var highlighted: Gallery.Head? {
    guard example != nil else { return nil }
    return story.best.map { Gallery.Head(layer: $0.layer, head: $0.head) }
  }

  var caption: Caption {
    let shape = run.configuration
    var notes: [[Inline]] = []
    if let best = story.best, example != nil, summaries.count > 1 {
      notes.append([
        .text(
          "The large panel is \(story.head(best)), picked from \(summaries.count) heads because its "
            + "strongest link has ")
      ] + story.measure("what its layer’s heads bring to a token") + [
        "; special tokens, and tokens looked at from everywhere, are left aside."
      ])
    }
    if example == nil, !sinks.isEmpty {
      notes.append([
        .text("The bar under a panel is the part of its weight that falls on \(sinkNames).")
      ])
    }
    if let note = run.normalisationNote { notes.append(note) }
    return Caption(
      title: "Every head of \(run.model), one sentence, one scale",
      subtitle: [
        .text(
          "\(run.stackWords.isEmpty ? "" : run.stackWords.dropFirst(4) + " · ")\(run.sheet) · "
            + "softmax weights "),
        .formula(shape.weightsFormula),
        .text(
          " · rows: looks from, columns: looks at"
            + (example == nil ? "" : " · nothing averaged or clipped")),
      ],
      notes: notes, provenance: run.provenanceNote, summary: summary)
  }

  private var summary: String {
    let flat = summaries.max { $0.entropy < $1.entropy }
    let sharp = summaries.min { $0.entropy < $1.entropy }
    let ends = [("Sharpest", sharp), ("Most spread out", flat)].compactMap { name, head in
      head.map {
        "\(name): layer \($0.layer), head \($0.head), mean entropy "
          + "\(NumberFormat.fixed(Double($0.entropy), decimals: 2)) nats."
      }
    }
    let links = story.distinctLinks(3).map { link in
      "\(story.name(link.query).quoted) at \(story.keyName(link.key).quoted) "
        + "\(NumberFormat.weight(Double(link.weight))) in \(story.head(link))"
    }
    let strongest = links.isEmpty ? "" : " Strongest links: \(links.joined(separator: "; "))."
    return "Attention weights of all \(summaries.count) heads of \(run.model) for \(run.count) "
      + "tokens, one small heatmap a head. " + ends.joined(separator: " ") + strongest
  }

  var example: Gallery.Example? {
    guard let best = story.best, max(run.count, run.keys.count) <= Self.mostTokens else {
      return nil
    }
    return Gallery.Example(
      title: "How to read one panel: \(story.head(best))",
      head: Gallery.Head(layer: best.layer, head: best.head), rows: run.labels(),
      columns: run.keys.tokens.labels(),
      callouts: [sink(best), link(best), bar(best)].compactMap(\.self))
  }

  private var sinkNames: String {
    sinks.prefix(3).map(story.keyName).joined(separator: " and ")
      + (sinks.count > 3 ? " and others" : "")
  }

  /// The column that takes most of the head's weight, when it is a place to rest.
  private func sink(_ best: Contributions.Link) -> Gallery.Callout? {
    guard let map = run.trace[.weights, layer: best.layer, head: best.head] else { return nil }
    let shares = sinks.map { column in
      (column, (0..<map.rows).reduce(Float(0)) { $0 + map[$1, column] } / Float(map.rows))
    }
    guard let (column, share) = shares.max(by: { $0.1 < $1.1 }), share >= Sinks.threshold else {
      return nil
    }
    return Gallery.Callout(
      heading: "A strong column is a sink",
      text: [
        .text(
          "Here \(story.keyName(column)), often read as a resting place: it takes "
            + "\(Precision.percent(Double(share))) of this head’s weight.")
      ], target: .column(column))
  }

  private func link(_ best: Contributions.Link) -> Gallery.Callout {
    Gallery.Callout(
      heading: "A strong cell is a link",
      text: [
        .text(
          "\(story.finding(best)): "
            + "\(NumberFormat.weight(Double(best.weight))). One row is one query; it sums to 1.")
      ], target: .cell(row: best.query, column: best.key))
  }

  private func bar(_ best: Contributions.Link) -> Gallery.Callout? {
    let shares = summaries.map(\.specialShare)
    guard let own = summaries.first(where: { $0.layer == best.layer && $0.head == best.head }),
      !sinks.isEmpty, let low = shares.min(), let high = shares.max()
    else { return nil }
    let mean = shares.reduce(0, +) / Float(shares.count)
    let percents = [own.specialShare, mean, low, high].map { Precision.percent(Double($0)) }
    return Gallery.Callout(
      heading: "The bar is the sink share",
      text: [
        .text(
          "The part of all weight on \(sinkNames): \(percents[0]) "
            + "here, \(percents[1]) over all heads (\(percents[2]) to \(percents[3])).")
      ], target: .sinkBar)
  }
}
