package import Tensors

/// AdamW (Loshchilov & Hutter 2019): what it needs besides the gradients, and what it keeps from
/// step to step.
package struct Optimizer: Sendable {
  /// How fast matrices fall towards 0; vectors do not: they are biases and norms.
  package var decay = 0.1
  /// How much of each running mean stays a step.
  package var decays: (first: Float, second: Float) = (0.9, 0.95)
  /// What keeps the division from blowing up.
  package var epsilon: Float = 1e-8
  /// The norm of all gradients together beyond which they are made shorter (Pascanu et al. 2013).
  package var clip: Double? = 1
  /// Steps that were made.
  package private(set) var steps = 0
  private var moments: [String: AdamMoments] = [:]

  package init() {}

  /// One step of every parameter that has a gradient.
  ///
  /// - Parameters:
  ///   - gradients: The gradients that several threads summed up; their sum counts.
  ///   - starts: What the gradients are of: the tracked parameters.
  /// - Returns: The norm of the whole gradient.
  package mutating func step(
    _ parameters: inout [String: Tensor], _ gradients: [GradientSums], of starts: [String: Tensor],
    rate: Double
  ) -> Double {
    steps += 1
    let parts = starts.sorted { $0.key < $1.key }.map { name, start in
      (name, gradients.compactMap { $0[start] })
    }.filter { !$0.1.isEmpty }
    let sums = parts.concurrentMap { _, parts in
      let sum = parts.dropFirst().reduce(parts[0], +)
      return (sum, sum.sumOfSquares)
    }
    let norm = sums.reduce(0) { $0 + $1.1 }.squareRoot()
    // As torch does: a little less than the limit.
    let scale = clip.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    for (name, _) in parts where moments[name] == nil {
      moments[name] = AdamMoments(shape: starts[name]?.shape ?? [])
    }
    let work = zip(parts, sums).compactMap { part, sum in
      zip3(part.0, moments[part.0], parameters[part.0]).map { ($0, $1, $2, sum.0) }
    }
    let new = work.concurrentMap { [self] name, moments, parameter, gradient in
      let step = AdamMoments.Step(
        rate: Float(rate), decay: parameter.shape.count > 1 ? Float(decay) : 0, decays: decays,
        epsilon: epsilon, gradientScale: Float(scale), number: steps)
      return (name, moments.step(step, parameter, gradient))
    }
    for (name, tensor) in new { parameters[name] = tensor }
    return norm
  }

  private func zip3<B, C>(_ a: String, _ b: B?, _ c: C?) -> (String, B, C)? {
    guard let b, let c else { return nil }
    return (a, b, c)
  }

  // MARK: to be taken up again

  /// The running means, by the parameter's name.
  package var means: [String: (first: Tensor, second: Tensor)] { moments.mapValues(\.tensors) }

  /// Takes up what was saved.
  package mutating func resume(
    steps: Int, means: [String: (first: Tensor, second: Tensor)]
  ) {
    self.steps = steps
    moments = means.mapValues { AdamMoments(first: $0.first, second: $0.second) }
  }
}
