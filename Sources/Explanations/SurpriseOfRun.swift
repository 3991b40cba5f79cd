public import Figures
internal import Tensors
public import Tokenization
public import Transformers

extension Surprise {
  /// How surprising each token of a run's text is after those before it: −ln p at τ = 1.
  ///
  /// - Parameters:
  ///   - run: A run of a decoder that recorded the logits of every row.
  ///   - naming: Shows a vocabulary entry.
  /// - Throws: `ModelError` when the model predicts nothing, or its logits are not finite.
  public init(of run: Run, naming: @Sendable (Int) -> DisplayToken) throws {
    guard run.configuration.kind == .decoder, let logits = run.trace[.logits] else {
      guard run.origin == nil || run.configuration.kind != .decoder else {
        throw run.missing(.logits)
      }
      throw ModelError(
        .noSuchPlace, "\(run.model) does not predict the next token; name a decoder with --model")
    }
    guard run.count > 1 else {
      throw ModelError(.badText, "a text of one token has nothing that could surprise; write more")
    }
    guard run.encoding.ids.allSatisfy({ (0..<logits.width).contains($0) }),
      logits.shape[0] == run.count
    else {
      throw ModelError(
        .badModel,
        "\(run.origin?.file ?? run.model) needs the ids of its tokens and the logits of every row")
    }
    let labels = run.labels()
    let distributions = (0..<run.count - 1).map { $0 }.concurrentMap { row in
      Distribution(logits.slice(row)).map { Self.prediction(of: run.encoding.ids[row + 1], by: $0) }
    }
    guard !distributions.contains(where: { $0 == nil }) else {
      throw ModelError(.badModel, "\(run.model) gives logits that are not finite")
    }
    let predictions = distributions.compactMap(\.self).map { found in
      Prediction(
        surprise: found.surprise, rank: found.rank,
        expected: TokenProbability(naming(found.top).label, found.topProbability))
    }
    self.init(
      caption: Caption(
        title: "How surprising each token is",
        subtitle: [.text("\(run.model) · −ln p of every token after those before it · τ = 1")],
        notes: run.normalisationNote.map { [$0] } ?? [], provenance: run.provenanceNote),
      positions: labels.enumerated().map { index, label in
        Position(label, index == 0 ? nil : predictions[index - 1])
      },
      vocabulary: logits.width)
  }

  private typealias Found = (surprise: Double, rank: Int, top: Int, topProbability: Double)

  private static func prediction(of id: Int, by distribution: Distribution) -> Found {
    let top = distribution.ranking(1)[0]
    let logPartition = distribution.logPartition(at: 1)
    return (
      distribution.energy(of: id) + logPartition, distribution.rank(of: id), top,
      reproducibleExponential(-logPartition)
    )
  }
}
