public import Tensors
public import Transformers

/// What a change inside a model does downstream: one row of two runs on one text compared.
public struct DownstreamChange: Sendable {
  /// ‖x' − x‖ / ‖x‖ of the row's vector in the stream after each layer: 0 where nothing changed.
  public let layers: [Double]
  /// Σ p ln(p/p'), the Kullback–Leibler divergence of the changed distribution from the original, in
  /// nats; ∞ where the changed one excludes what the original allows.
  public let divergence: Double
  /// ½ Σ |p − p'|: the probability that went to other states, from 0 to 1.
  public let totalVariation: Double

  /// Compares a row.
  ///
  /// - Parameters:
  ///   - row: The row of the stream.
  ///   - original: The distribution of the original run.
  ///   - changed: That of the changed run, over the same states.
  ///   - temperature: The τ at which the changed run used it; the original used 1.
  ///   - runs: The two runs, which recorded the outputs of every layer.
  /// - Returns: `nil` when the runs do not hold the same places.
  public init?(
    row: Int, from original: Distribution, to changed: Distribution, at temperature: Double = 1,
    runs: (Run, Run)
  ) {
    guard original.logits.count == changed.logits.count else { return nil }
    let count = runs.0.configuration.layers
    let outputs = (0..<count).compactMap { layer -> (Tensor, Tensor)? in
      guard let x = runs.0.trace[.output, layer: layer], x.rows > row,
        let y = runs.1.trace[.output, layer: layer], y.shape == x.shape
      else { return nil }
      return (x.slice(row), y.slice(row))
    }
    guard outputs.count == count else { return nil }
    layers = outputs.map { x, y in
      let squares = zip(x.numbers, y.numbers).reduce((0.0, 0.0)) { sum, pair in
        let (a, b) = (Double(pair.0), Double(pair.1))
        return (sum.0 + (b - a) * (b - a), sum.1 + a * a)
      }
      return squares.1 > 0 ? (squares.0 / squares.1).squareRoot() : 0
    }
    let p = original.probabilities(at: 1)
    let q = changed.probabilities(at: temperature)
    let (logP, logQ) = (
      original.logProbabilities(at: 1), changed.logProbabilities(at: temperature)
    )
    divergence = p.indices.reduce(0) { sum, state in
      p[state] > 0 ? sum + p[state] * (logP[state] - logQ[state]) : sum
    }
    totalVariation = zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
  }
}
