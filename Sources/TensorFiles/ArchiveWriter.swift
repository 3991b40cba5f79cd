public import Files

/// A format that an archive is written in, array by array.
///
/// Every call is handed the function that takes the bytes.
public protocol ArchiveWriter {
  /// Takes bytes.
  typealias Write = (UnsafeRawBufferPointer) throws -> Void

  /// Writes what stands before the arrays.
  ///
  /// - Throws: `FileError` when the format cannot hold them.
  init(_ outline: Archive.Outline, to write: Write) throws

  /// Writes the next array of the outline.
  mutating func add(_ name: String, _ content: Archive.Content, to write: Write) throws

  /// Writes what stands behind the arrays.
  mutating func finish(to write: Write) throws
}

extension Archive {
  /// What an array is made of.
  public enum Element: Sendable {
    /// 32-bit floating-point numbers.
    case float
    /// 32-bit integers.
    case integer
    /// Bytes.
    case byte

    /// Bytes one element takes.
    var size: Int { self == .byte ? 1 : 4 }
  }

  /// What an archive will hold: everything but the numbers.
  public struct Outline: Sendable {
    /// An array that is to come.
    public struct Entry: Sendable, Equatable {
      /// Its name.
      public var name: String
      /// What it is made of.
      public var element: Element
      /// Its extents.
      public var shape: [Int]

      /// Creates an entry.
      public init(_ name: String, _ element: Element, shape: [Int]) {
        self.name = name
        self.element = element
        self.shape = shape
      }

      /// Bytes the array takes.
      var size: Int { shape.reduce(element.size, *) }
    }

    /// The arrays in the order they are written.
    public var entries: [Entry]
    /// Words about them, in the order they are written.
    public var metadata: [(key: String, value: String)]

    /// Creates an outline.
    public init(_ entries: [Entry], metadata: [(key: String, value: String)]) {
      self.entries = entries
      self.metadata = metadata
    }

    /// The words as members of a JSON object.
    var words: [JSON.Member] { metadata.map { JSON.Member($0.key, .string($0.value)) } }
  }

  /// Everything but the numbers.
  public var outline: Outline {
    Outline(
      arrays.map { Outline.Entry($0.name, $0.content.element, shape: $0.content.shape) },
      metadata: metadata)
  }

  /// Writes everything in a format.
  func write(_ format: any ArchiveWriter.Type, to write: ArchiveWriter.Write) throws {
    var writer = try format.init(outline, to: write)
    for (name, content) in arrays { try writer.add(name, content, to: write) }
    try writer.finish(to: write)
  }
}
