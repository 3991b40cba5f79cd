public import Analysis
internal import Figures
public import Files
internal import Tensors
internal import Transformers

/// What a temperature inside attention does downstream, told against the run without it.
public struct AttentionEffect: Sendable {
  /// The comparison.
  public let change: DownstreamChange
  private let own: RunDistribution
  private let changed: RunDistribution

  /// Compares the same place of two runs.
  ///
  /// - Parameters:
  ///   - changed: The distribution of the run with the temperature.
  ///   - own: That of the model's own run on the same text.
  /// - Returns: `nil` when the runs did not record every layer's output.
  public init?(of changed: RunDistribution, against own: RunDistribution) {
    guard
      let change = DownstreamChange(
        row: own.row, from: own.distribution, to: changed.distribution, at: changed.usedTemperature,
        runs: (own.run, changed.run)
      )
    else { return nil }
    self.change = change
    self.own = own
    self.changed = changed
  }

  /// The states with the largest logits in either run, with the probabilities that each run used:
  /// the model's own, and with the temperature inside attention.
  public func states(_ count: Int) -> [(name: String, own: Double, changed: Double)] {
    let (p, q) = (
      own.distribution.probabilities(at: 1),
      changed.distribution.probabilities(at: changed.usedTemperature)
    )
    let first = own.distribution.ranking(count)
    let others = changed.distribution.ranking(count).filter { !first.contains($0) }
    return (first + others).map { (own.name(of: $0), p[$0], q[$0]) }
  }

  /// The comparison in sentences.
  public var sentences: [String] {
    let share = { (x: Double) in NumberFormat.fixed(100 * x, decimals: 1) + " %" }
    let moved =
      change.totalVariation == 0
      ? "No probability moves."
      : "\(share(change.totalVariation)) of the probability moves (KL divergence from the model’s own "
        + "\(NumberFormat.amount(change.divergence)) nats)."
    guard let first = change.layers.firstIndex(where: { $0 > 0 }), let last = change.layers.last
    else {
      return ["The stream of row \(own.row) does not change in any layer.", moved]
    }
    let most = change.layers.indices.max { change.layers[$0] < change.layers[$1] } ?? first
    return [
      "The vector of row \(own.row) first changes in layer \(first), by \(share(change.layers[first])) of "
        + "its length; most after layer \(most), by \(share(change.layers[most])); after the last layer by "
        + "\(share(last)).",
      moved,
    ]
  }

  /// The comparison for programs.
  public var json: JSON {
    let run = changed.run
    return [
      "tau": run.attentionTemperature.json(run.configuration),
      "changes_of_layers": .array(change.layers.map(JSON.number)),
      "kl_divergence": .number(change.divergence),
      "total_variation": .number(change.totalVariation),
      "states": .array(
        states(10).map {
          ["token": .string($0.name), "own": .number($0.own), "changed": .number($0.changed)]
        }),
    ]
  }
}
