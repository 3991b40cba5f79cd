internal import Figures
internal import Files
public import Tensors
public import Tokenization
public import Transformers

/// One softmax of a run with the names of its states: the next token's distribution, or a row of a
/// head, from the scores that were recorded.
public struct RunDistribution: Sendable {
  /// Which softmax.
  public enum Place: Sendable, Equatable {
    /// The next token's, after the tokens up to a position.
    case output(row: Int)
    /// Where a token looks in one head.
    case head(layer: Int, head: Int, row: Int)
  }

  /// Which softmax.
  public let place: Place
  /// Its logits, or the head's scores; keys that the mask hides are masked.
  public let distribution: Distribution
  let run: Run
  private let naming: @Sendable (Int) -> DisplayToken

  /// Takes one softmax of a run.
  ///
  /// - Parameters:
  ///   - place: Which one.
  ///   - run: The run, which recorded the logits of that row, or the scores of that layer.
  ///   - naming: Shows a vocabulary entry.
  /// - Throws: `ModelError` of kind `noSuchPlace` when the run has no such row, or of kind `badModel`
  ///   when its numbers are not finite.
  public init(
    _ place: Place, of run: Run, naming: @escaping @Sendable (Int) -> DisplayToken
  ) throws {
    guard let row = try Self.row(place, of: run), let distribution = Distribution(row) else {
      throw ModelError(.badModel, "\(run.model) gives \(Self.values(place)) that are not finite")
    }
    self.place = place
    self.distribution = distribution
    self.run = run
    self.naming = naming
  }

  private static func values(_ place: Place) -> String {
    switch place {
    case .output: "logits"
    case .head(let layer, let head, _): "scores in L\(layer)H\(head)"
    }
  }

  /// The numbers that enter the softmax, −∞ where a key is masked.
  private static func row(_ place: Place, of run: Run) throws -> Tensor? {
    switch place {
    case .output(let row):
      guard let logits = run.trace[.logits] else {
        guard run.origin == nil else { throw run.missing(.logits) }
        throw ModelError(
          .noSuchPlace,
          "\(run.model) has no next-token distribution; name a decoder with --model, or a head's row "
            + "with --at")
      }
      try check(row, run)
      if run.origin != nil, logits.shape[0] == 1, row != run.count - 1 {
        throw ModelError(
          .noSuchPlace, "only the last row's logits were recorded, row \(run.count - 1)")
      }
      // With only the last row recorded, that is the one.
      return logits.slice(logits.shape[0] == 1 ? 0 : row)
    case .head(let layer, let head, let row):
      try run.check(layer: layer, head: head)
      try check(row, run)
      guard let scores = run.trace[.scores, layer: layer, head: head]?.slice(row) else {
        if run.origin != nil { throw run.missing(.scores, layer: layer) }
        return nil
      }
      guard let keys = run.trace.masks[layer]?.ranges[row] else { return scores }
      let masked = scores.numbers.enumerated().map { keys.contains($0) ? $1 : -.infinity }
      return Tensor(masked, shape: scores.shape)
    }
  }

  private static func check(_ row: Int, _ run: Run) throws {
    guard (0..<run.count).contains(row) else {
      throw ModelError(
        .noSuchPlace, "there is no row \(row); the text has rows 0 to \(run.count - 1)")
    }
  }
}

// MARK: words

extension RunDistribution {
  /// A state as people read it: a vocabulary entry, or a token of the text.
  public func name(of state: Int) -> String {
    switch place {
    case .output: naming(state).text
    case .head: run.keys.tokens.name(of: state)
    }
  }

  /// The row of the text.
  public var row: Int {
    switch place {
    case .output(let row), .head(_, _, let row): row
    }
  }

  /// The τ at which the run itself used this softmax: 1 but for heads whose attention was tempered.
  var usedTemperature: Double {
    switch place {
    case .output: 1
    case .head(let layer, let head, _): run.attentionTemperature[layer: layer, head: head]
    }
  }

  /// The model's name.
  public var model: String { run.model }

  /// What a state is: "token" or "key".
  public var noun: String {
    switch place {
    case .output: "token"
    case .head: "key"
    }
  }

  /// What is distributed, in a few words: “next token after “The capital of France is” (row 4)”.
  public var subject: String {
    switch place {
    case .output(let row) where run.configuration.kind == .encoder:
      let text = run.text.visible.shortened(to: 60).isolated.quoted
      return "token in the place of \(run.name(of: row).isolated.quoted) (row \(row)) in \(text)"
    case .output(let row):
      let isLast = row == run.count - 1
      let read = isLast ? run.text : run.tokens[...row].map(\.source).joined()
      return "next token after \(read.visible.shortened(to: 60).isolated.quoted) (row \(row))"
    case .head(let layer, let head, let row):
      return
        "L\(layer)H\(head)\(run.stackWords), row \(row): where \(run.name(of: row).quoted) looks"
    }
  }

  /// The label of a state.
  func label(of state: Int) -> TokenLabel {
    switch place {
    case .output: naming(state).label
    case .head:
      // A token that occurs more than once is told apart by its position.
      run.keys.tokens.name(of: state) == run.keys.tokens[state].text
        ? run.keys.tokens.labels()[state] : TokenLabel(run.keys.tokens.name(of: state))
    }
  }
}
