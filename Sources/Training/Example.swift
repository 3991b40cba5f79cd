/// What a model learns from at once: tokens that it reads, and what it should have said at some of
/// them.
public struct Example: Sendable, Equatable {
  /// The source of an encoder–decoder.
  public var source: [Int] = []
  /// The tokens that the model reads.
  public var tokens: [Int]
  /// At which tokens it is asked, in order.
  public var places: [Int]
  /// What was right there.
  public var answers: [Int]

  /// Every next token: the model reads all but the last (Radford et al. 2018, eq. 1).
  ///
  /// - Precondition: There are two tokens or more.
  public init(next tokens: [Int]) {
    precondition(tokens.count > 1)
    self.tokens = Array(tokens.dropLast())
    answers = Array(tokens.dropFirst())
    places = Array(answers.indices)
  }

  /// A translation: the model reads the source, and each token of the target once it knows those
  /// before it.
  ///
  /// - Parameters:
  ///   - source: The source of an encoder–decoder.
  ///   - start: The token that stands before every target.
  ///   - target: What is to be written, its end included.
  /// - Precondition: Neither is empty.
  public init(source: [Int], start: Int, target: [Int]) {
    precondition(!source.isEmpty && !target.isEmpty)
    self.source = source
    tokens = [start] + target.dropLast()
    answers = target
    places = Array(target.indices)
  }

  /// Tokens of which some are hidden, or not what they were.
  ///
  /// - Precondition: There is an answer for every place.
  public init(tokens: [Int], places: [Int], answers: [Int]) {
    precondition(places.count == answers.count && places.allSatisfy(tokens.indices.contains))
    self.tokens = tokens
    self.places = places
    self.answers = answers
  }
}
