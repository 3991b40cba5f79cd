/// What went wrong with a file: what, where, and what to do about it.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of failure; the command line maps it to an exit code.
  public enum Kind: Sendable {
    /// The file or folder does not exist.
    case notFound
    /// The file exists and its content is broken or not supported.
    case badData
    /// The system refuses access.
    case noPermission
    /// The output cannot be created.
    case cannotCreate
    /// Reading or writing failed midway.
    case inputOutput
    /// A program or a network that is needed does not answer.
    case serviceUnavailable
  }

  /// The kind of failure.
  public var kind: Kind
  /// The file, as the user named it.
  public var path: String
  /// The fact, in one clause.
  public var fact: String

  /// Creates an error about the file at `path`.
  public init(_ kind: Kind, _ path: String, _ fact: String) {
    self.kind = kind
    self.path = path
    self.fact = fact
  }

  /// One line: the file, then the fact.
  public var description: String { "\(path): \(fact)" }
}
