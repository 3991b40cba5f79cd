import Figures

/// One figure of every kind and layout, with difficult words: for laws that all figures keep.
enum EveryFigure {
  static let all: [(name: String, figure: any Figure)] =
    maps + others + distributions + alignment

  static func named(_ name: String) -> (any Figure)? { all.first { $0.name == name }?.figure }
  static let names = all.map(\.name)

  private static let maps: [(String, any Figure)] = [
    ("heatmap", Samples.heatmap(Samples.tokens(12))),
    ("heatmap of few tokens", Samples.heatmap(Samples.unicode, mask: Samples.causal(10))),
    ("heatmap of many tokens", Samples.heatmap(Samples.tokens(60))),
    ("heatmap of scores", Samples.heatmap(Samples.tokens(8), .signed)),
    ("heatmap of queries", Samples.queries(Samples.unicode, dimensions: 64)),
    ("gallery", Samples.gallery(layers: 4, heads: 6, tokens: Samples.tokens(9))),
    ("arcs", Samples.arcs(Samples.tokens(9), heads: 7)),
    ("rails", Samples.arcs(Samples.unicode, heads: 1, .rails)),
    (
      "masks",
      Masks(caption: Samples.caption, sheet: Samples.sheet(Samples.tokens(8), panels: 4, pads: 3))
    ),
    (
      "scaling",
      Scaling(
        caption: Samples.caption,
        sheet: Samples.sheet(Samples.unicode, panels: 3, hasMargins: true))
    ),
    ("asymmetry", Samples.asymmetry(40, named: 4)),
    ("product", Samples.product(32)),
    ("distance", Samples.distance(layers: 4, heads: 6, tokens: 12)),
    ("residual", Samples.residual(layers: 6, tokens: 9)),
    ("positions", Samples.positions(32, dimensions: 64, tokens: Samples.tokens(8))),
  ]

  private static let others: [(String, any Figure)] = [
    ("translation", TranslationTests.sheet(10, 8)),
    ("ribbon", GenerationSamples.ribbon(steps: 9)),
    (
      "ribbon after a long prompt",
      GenerationSamples.ribbon(prompt: 37, steps: 9, ending: .endToken)
    ),
    ("ribbon with a source", TranslationTests.ribbon(12, steps: 9)),
    ("annealing", GenerationSamples.annealing(steps: 20)),
    ("surprise", GenerationSamples.surprise(20)),
    ("neighbours", NeighboursTests.figure(6)),
    ("evidence", EvidenceTests.figure(Samples.unicode, rests: [0, 9])),
    ("maxwell-boltzmann", MaxwellBoltzmann()),
  ]

  private static let distributions: [(String, any Figure)] = DistributionSample.all.prefix(2)
    .flatMap { sample in
      sample.all.map { ("\(type(of: $0).name) of \(sample.name)", $0) }
    }

  private static let alignment: [(String, any Figure)] = [
    ("preference", AlignmentSamples.preference(pairs: 60, policies: 5)),
    ("ppo", AlignmentSamples.policyUpdate(samples: 400, steps: 30)),
    ("ppo of two seeds", AlignmentSamples.policyUpdate(samples: 9, steps: 9, seeds: 2)),
    ("rlhf", AlignmentSamples.feedbackLoop()),
    ("rlhf with long words", AlignmentSamples.feedbackLoop(isLong: true)),
  ]
}
