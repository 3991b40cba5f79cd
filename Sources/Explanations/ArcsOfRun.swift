internal import Analysis
public import Figures
internal import Tensors
internal import Tokenization
public import Transformers

/// Which heads arcs show, of which token, and how they were chosen.
public struct ArcsChoice: Sendable {
  /// A head by its place.
  public struct Place: Sendable, Equatable {
    /// The layer.
    public var layer: Int
    /// The head.
    public var head: Int

    /// Creates a place.
    public init(layer: Int, head: Int) {
      self.layer = layer
      self.head = head
    }
  }

  /// The heads, at most `Arcs.mostHeads`.
  public let heads: [Place]
  /// The token that looks.
  public let focus: Int?
  /// How both were chosen.
  public let words: [Inline]

  /// Takes the heads and the token that are given. An open token is the one with the strongest link;
  /// open heads are one a layer, the one whose strongest link from the token carries most.
  ///
  /// - Parameters:
  ///   - heads: The heads that were asked for; none to choose.
  ///   - token: The token that was asked for.
  ///   - run: A run that recorded the weights and values of every layer.
  ///   - transformer: Its model, for the strength of links; `nil` for a recording alone.
  ///   - isOne: Whether one head is enough: for rails, which show all tokens.
  /// - Throws: `ModelError` when there is no such head or token.
  public init(
    heads: [Place], token: Int?, _ run: Run, _ transformer: Transformer?, isOne: Bool = false
  ) throws {
    for place in heads { try run.check(layer: place.layer, head: place.head) }
    if let token, !(0..<run.count).contains(token) {
      throw ModelError(
        .noSuchPlace, "there is no token \(token); the text has tokens 0 to \(run.count - 1)")
    }
    guard let story = Story(run, of: transformer) else { throw run.missing(.weights) }
    let looks = token ?? (isOne ? nil : story.best?.query ?? run.count - 1)
    focus = looks
    guard heads.isEmpty else {
      let names = heads.map { "L\($0.layer)H\($0.head)" }.joined(separator: ", ")
      self.heads = Array(heads.prefix(Arcs.mostHeads))
      words = [.text("\(names): asked for, of \(story.headCount) heads.")]
      return
    }
    if isOne {
      let best = story.links.first { token == nil || $0.query == token }
      self.heads = [Place(layer: best?.layer ?? 0, head: best?.head ?? 0)]
      words = best.map { story.choice(of: $0, among: story.links, lead: "") } ?? []
      return
    }
    self.heads = Self.onePerLayer(from: looks ?? 0, story)
    words =
      (token == nil ? Self.reason(story.name(looks ?? 0), story) : [])
      + Self.rule(self.heads.count, story)
  }

  /// Why a token was picked.
  private static func reason(_ name: String, _ story: Story) -> [Inline] {
    [.text("\(name.quoted) was picked because one of its links has ")]
      + story.measure("what its layer’s heads bring to a token") + [". "]
  }

  /// How one head a layer was picked.
  private static func rule(_ count: Int, _ story: Story) -> [Inline] {
    let layers = layersPhrase(count, story.contributions.layers.count)
    return [
      .text(
        "\(count) of \(story.headCount) heads: of \(layers) the one whose strongest link from this "
          + "token carries ")
    ] + story.measure("its layer") + [
      " (special tokens, and tokens looked at from everywhere, left aside)."
    ]
      + (story.contributions.isByWeight
        ? [" What a weight moves needs the model’s parameters."] : [])
  }

  private static func layersPhrase(_ count: Int, _ layers: Int) -> String {
    count == layers ? "each layer" : "\(count) layers, evenly spaced,"
  }

  /// The head of each of at most six layers whose strongest link from a token carries most.
  private static func onePerLayer(from query: Int, _ story: Story) -> [Place] {
    let shape = story.run.configuration
    let all = story.contributions.layers
    let count = min(6, all.count)
    let layers = (0..<count).map {
      all[count == all.count ? $0 : (2 * $0 + 1) * all.count / (2 * count)]
    }
    return layers.map { layer in
      let best = (0..<shape.heads).max { a, b in
        story.strength(layer, a, query) < story.strength(layer, b, query)
      }
      return Place(layer: layer, head: best ?? 0)
    }
  }
}

extension Story {
  /// The largest share that a head brings from an ordinary key to a token.
  fileprivate func strength(_ layer: Int, _ head: Int, _ query: Int) -> Float {
    let special = run.encoding.isSpecial
    return (0..<run.count).filter {
      $0 != query && !special[$0] && !sinks.positions.contains($0)
    }.map { contributions.link(layer: layer, head: head, query: query, key: $0).share }.max() ?? 0
  }
}

extension Arcs {
  /// Where one token looks in some heads, or all tokens in one.
  ///
  /// - Parameters:
  ///   - choice: The heads and the token.
  ///   - run: A run that recorded the weights of their layers.
  ///   - edits: What is done to every map before it is drawn.
  ///   - threshold: Weights below it are counted and not drawn.
  /// - Throws: `ModelError` when weights were not recorded, or the token was taken out.
  public init(
    _ choice: ArcsChoice, of run: Run, layout: Layout = .arcs, edits: MapEdits = MapEdits(),
    threshold: Double = 0.1
  ) throws {
    let maps = try choice.heads.map { place -> WeightMap in
      guard let weights = run.trace[.weights, layer: place.layer, head: place.head] else {
        throw run.missing(.weights, layer: place.layer)
      }
      return edits.applied(to: WeightMap(weights, mask: run.trace.masks[place.layer]), run)
    }
    guard let first = maps.first else { throw ModelError(.noSuchPlace, "no head to draw") }
    let row = try choice.focus.map { focus -> Int in
      guard let row = first.groups.firstIndex(where: { $0.contains(focus) }) else {
        throw ModelError(
          .noSuchPlace,
          "token \(focus), \(run.name(of: focus)), was taken out; leave --no-special out")
      }
      return row
    }
    let names = choice.heads.map { "L\($0.layer)H\($0.head)" }
    let heads = zip(names, maps).map { name, map -> Head in
      let weights = map.weights
      guard layout == .arcs, let row else { return Head(name: name, weights: weights) }
      return Head(name: name, weights: Array(weights[row * map.count..<(row + 1) * map.count]))
    }
    let words = ArcsWords(run: run, choice: choice, map: first, row: row, names: names)
    self.init(
      caption: Caption(
        title: words.title,
        subtitle: words.subtitle(layout), badge: edits.badge(first, run),
        notes: [choice.words] + edits.notes(first, run)
          + (run.normalisationNote.map { [$0] } ?? []),
        provenance: run.provenanceNote,
        summary: words.summary(heads, layout)),
      tokens: run.labels(of: first, focus: row), heads: heads, focus: row, layout: layout,
      threshold: threshold,
      mask: layout == .arcs
        ? row.flatMap { row in
          first.mask.map { Array($0[row * first.count..<(row + 1) * first.count]) }
        }
        : nil)
  }
}

private struct ArcsWords {
  let run: Run
  let choice: ArcsChoice
  let map: WeightMap
  let row: Int?
  let names: [String]

  private var token: String { choice.focus.map { run.name(of: $0).quoted } ?? "every token" }

  var title: String {
    "Where \(token) looks, in "
      + (names.count == 1 ? names[0] : "\(Words.count(names.count)) heads")
  }

  func subtitle(_ layout: Arcs.Layout) -> [Inline] {
    [
      .text("\(run.modelWords) · softmax weights "), .formula(.variable("a")),
      .text(
        " from \(token) to every token"
          + (layout == .rails ? ", left to right" : "") + " · widths in proportion"),
    ]
  }

  func summary(_ heads: [Arcs.Head], _ layout: Arcs.Layout) -> String {
    let n = map.count
    func name(_ index: Int) -> String {
      map.groups[index].map { run.name(of: $0) }.joined().quoted
    }
    let links = heads.flatMap { head in
      head.weights.indices.map { (head.name, $0, head.weights[$0]) }
    }.sorted { $0.2 > $1.2 }.prefix(3).map { head, index, weight in
      let query = layout == .arcs ? row ?? 0 : index / n
      return "\(name(query)) at \(name(index % n)) \(NumberFormat.weight(weight)) in \(head)"
    }
    return "Attention weights of \(run.model) from \(token) for \(n) tokens in "
      + "\(names.joined(separator: ", ")), as \(layout == .arcs ? "arcs over the sentence" : "lines between two rails"). "
      + "Strongest: \(links.joined(separator: "; ")). "
      + (layout == .arcs ? "Entropy" : "Mean entropy of a row") + " in nats: "
      + heads.map { "\($0.name) \(entropy($0.weights))" }.joined(separator: ", ") + "."
  }

  /// The mean entropy of rows of weights.
  private func entropy(_ weights: [Double]) -> String {
    let n = max(map.count, 1)
    let rows = stride(from: 0, to: weights.count - n + 1, by: n).map { start in
      Distribution.entropy(of: Array(weights[start..<start + n]))
    }
    let mean = rows.reduce(0, +) / Double(max(rows.count, 1))
    return NumberFormat.fixed(mean, decimals: 2)
  }
}
