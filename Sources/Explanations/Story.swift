internal import Analysis
internal import Figures
internal import Tokenization
internal import Transformers

/// What a run has to tell, found once: the links, the sinks, the words for the tokens.
struct Story {
  let run: Run
  let contributions: Contributions
  let sinks: Sinks
  let summaries: [HeadSummary]
  /// The strongest link of each head between ordinary tokens, strongest first.
  let links: [Contributions.Link]

  init?(_ run: Run, of transformer: Transformer?) {
    guard let contributions = Contributions(run, of: transformer) else { return nil }
    let sinks = Sinks(run)
    let (special, keys) = (run.encoding.isSpecial, run.keys.encoding.isSpecial)
    let isCross = run.stack == .cross
    self.run = run
    self.contributions = contributions
    self.sinks = sinks
    summaries = HeadSummary.all(of: run, special: keys.indices.filter { keys[$0] })
    links = contributions.strongestLinks(
      where: { query, key in
        (isCross || query != key) && !special[query] && !keys[key]
          && !sinks.positions.contains(key) && (run.configuration.kind != .decoder || key < query)
      }, keys: { !sinks.isSink($0, layer: $1, head: $2) }
    )
    .filter { $0.weight > 0 }
  }

  /// How many heads were recorded.
  var headCount: Int { contributions.layers.count * run.configuration.heads }

  /// The link the story is about.
  var best: Contributions.Link? { links.first }

  /// The strongest links of different pairs of tokens, at most `count`.
  func distinctLinks(_ count: Int) -> [Contributions.Link] {
    var seen: Set<[Int]> = []
    return Array(links.filter { seen.insert([$0.query, $0.key]).inserted }.prefix(count))
  }

  /// The weights that every head gives to a pair of tokens.
  func weightsOfAllHeads(from query: Int, to key: Int) -> [Float] {
    summaries.map {
      contributions.link(layer: $0.layer, head: $0.head, query: query, key: key).weight
    }
  }
}

// MARK: words and numbers

extension Story {
  func name(_ position: Int) -> String { run.name(of: position) }

  /// The name of a token that is looked at.
  func keyName(_ position: Int) -> String { run.keys.tokens.name(of: position) }

  func token(_ position: Int) -> Explanation.Piece {
    .token(name(position))
  }

  /// A token that is looked at.
  func key(_ position: Int) -> Explanation.Piece {
    .token(keyName(position))
  }

  /// "L3H1".
  func head(_ link: Contributions.Link) -> String {
    "L\(link.layer)H\(link.head)"
  }

  /// A number of the trace; a place that was not recorded is a mistake of the story.
  func quote(
    _ value: Site.Value, layer: Int? = nil, _ index: [Int?],
    _ reduction: Quote.Reduction = .element
  ) -> Quote? {
    Quote(reduction, Quote.Place(run.trace.site(value, layer: layer), index), of: run.trace)
  }

  func weight(_ link: Contributions.Link) -> Quote? {
    quote(.weights, layer: link.layer, [link.head, link.query, link.key])
  }

  func score(_ link: Contributions.Link) -> Quote? {
    quote(.scores, layer: link.layer, [link.head, link.query, link.key])
  }

  /// q·k before the scale.
  func product(_ link: Contributions.Link) -> Quote? {
    let shape = run.configuration
    let group = link.head * shape.groups / shape.heads
    return Quote(
      .dot,
      Quote.Place(
        run.trace.site(.query, layer: link.layer), [link.head, link.query, nil]),
      Quote.Place(
        run.trace.site(.key, layer: link.layer), [group, link.key, nil]), of: run.trace)
  }

  /// The length of a token's vector at a place of the stream.
  func length(_ value: Site.Value, layer: Int? = nil, of token: Int) -> Quote? {
    quote(value, layer: layer, [token, nil], .norm)
  }
}

extension Run {
  /// A token as a reader knows it; the same words are told apart by their positions.
  func name(of position: Int) -> String { tokens.name(of: position) }
}
