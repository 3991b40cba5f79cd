/// What is wrong with a model or with what it was asked: what, where, and what to do.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of failure; the command line maps it to an exit code.
  public enum Kind: Sendable {
    /// The model's files contradict themselves, or use something that is not supported.
    case badModel
    /// The text has no tokens, or too many for the model.
    case badText
    /// A layer or head that the model does not have.
    case noSuchPlace
  }

  /// The kind of failure.
  public var kind: Kind
  /// One line.
  public var description: String

  /// Creates an error.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
