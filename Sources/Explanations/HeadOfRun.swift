internal import Figures
internal import Tensors
internal import Transformers

/// One head of a run with what was recorded of it, and how it was chosen.
struct HeadOfRun {
  let run: Run
  let choice: HeadChoice

  init(_ choice: HeadChoice, of run: Run) {
    self.run = run
    self.choice = choice
  }

  var layer: Int { choice.layer }
  var head: Int { choice.head }
  /// "L3H5", "L3H5 of the encoder".
  var place: String { "L\(layer)H\(head)\(run.stackWords)" }

  /// A recorded value of the head.
  func recorded(_ value: Site.Value) throws -> Tensor {
    try run.check(layer: layer, head: head)
    guard let tensor = run.trace[value, layer: layer, head: head] else {
      throw run.missing(value, layer: layer)
    }
    return tensor
  }

  /// The mask of the layer; `nil` where nothing is masked.
  var mask: KeyRanges? { run.trace.masks[layer] }

  /// Whether the scores are q·k/√d_k and nothing else.
  var isRootScale: Bool {
    let d = Float(run.configuration.headWidth)
    return abs(run.configuration.scales[layer] * d.squareRoot() - 1) < 1e-5
  }

  /// "scaled scores α = q·k/√d_k", or without the formula where the model scales otherwise.
  var scoreWords: [Inline] {
    isRootScale ? ["scaled scores ", .formula(.scaledScores)] : ["scaled scores α"]
  }

  /// "softmax weights a = softmax(q·k/√d_k)", likewise.
  var weightWords: [Inline] {
    isRootScale ? ["softmax weights ", .formula(.softmaxWeights)] : ["softmax weights a"]
  }

  /// Notes that every figure of a head has: how it was chosen, what labels mean.
  func notes(_ more: [[Inline]] = []) -> [[Inline]] {
    more + [choice.words] + (run.normalisationNote.map { [$0] } ?? [])
  }
}
