internal import Tensors
public import Transformers

/// The one number that is explained: ln p of the vocabulary entry that a row of the model puts first.
public struct PredictedToken: Sendable, Equatable {
  /// The row whose logits predict it.
  public let row: Int
  /// The vocabulary entry.
  public let id: Int
  /// ln p at τ = 1.
  public let logProbability: Double

  /// p.
  public var probability: Double { reproducibleExponential(logProbability) }

  /// p′ where ln p is so much less.
  public func probability(less effect: Double) -> Double {
    reproducibleExponential(logProbability - effect)
  }

  /// Takes the most probable entry of a row.
  ///
  /// - Parameters:
  ///   - run: A run that recorded the logits of every row, or of the last.
  ///   - row: The row: of a decoder the token after which the next is predicted, by itself the last;
  ///     of an encoder the token whose place is predicted.
  /// - Throws: `ModelError` when the run has no logits, there is no such row, or they are not
  ///   finite.
  public init(of run: Run, row: Int? = nil) throws {
    guard let logits = run.trace[.logits] else { throw run.missing(.logits) }
    let row = row ?? run.count - 1
    let isLastOnly = logits.rows == 1
    guard (0..<run.count).contains(row), !isLastOnly || row == run.count - 1 else {
      throw ModelError(
        .noSuchPlace, "there is no row \(row); the text has rows 0 to \(run.count - 1)")
    }
    try self.init(logits.slice(isLastOnly ? 0 : row), row: row, model: run.model)
  }

  private init(_ logits: Tensor, row: Int, model: String) throws {
    guard let distribution = Distribution(logits), let first = distribution.ranking(1).first else {
      throw ModelError(.badModel, "\(model) gives logits that are not finite")
    }
    self.row = row
    id = first
    logProbability = Self.logProbability(of: first, in: distribution)
  }

  /// ln p of an entry: −(E + ln Z).
  static func logProbability(of id: Int, in distribution: Distribution) -> Double {
    -(distribution.energy(of: id) + distribution.logPartition(at: 1))
  }
}
