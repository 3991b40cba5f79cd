internal import Tensors

extension Run {
  /// Records the distribution of the token after the text at each temperature: `next.tau`, `[T]`,
  /// and `next.probabilities`, `[T, V]`, from the recorded logits of the last row.
  ///
  /// - Throws: `ModelError` when the run has no logits, or they are not finite.
  public mutating func recordNextToken(at temperatures: [Double]) throws {
    guard let logits = trace[.logits] else {
      throw ModelError(
        .badModel, "\(model) has no next-token distribution; name a decoder with --model")
    }
    guard let distribution = Distribution(logits.slice(logits.rows - 1)) else {
      throw ModelError(.badModel, "\(model) gives logits that are not finite")
    }
    let rows = temperatures.flatMap { distribution.probabilities(at: $0).map(Float.init) }
    trace.tensors[Site(.nextTemperatures)] = Tensor(
      temperatures.map(Float.init), shape: [temperatures.count])
    trace.tensors[Site(.nextProbabilities)] = Tensor(
      rows, shape: [temperatures.count, distribution.logits.count])
  }
}
