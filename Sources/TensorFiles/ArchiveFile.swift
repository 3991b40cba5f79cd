public import Files
public import Tensors

/// An archive that some program wrote: named arrays and words about them, as `.safetensors`, `.npz`
/// or `.json`.
///
/// Nothing is trusted: heads are checked when the file is opened, an array when it is asked for.
public struct ArchiveFile: Sendable {
  /// The file.
  public let path: String
  /// The arrays of numbers.
  public let arrays: [StoredTensor]
  /// Words about them; what is no string is spelled as JSON.
  public let metadata: [(key: String, value: String)]
  private let source: any NumberListing
  private let places: [ByteString: Int]

  /// Opens a file; its extension says what it is.
  ///
  /// - Throws: `FileError` that names the file and the fact.
  public init(_ path: String) throws {
    self.path = path
    let lowered = path.lowercased()
    if lowered.hasSuffix(".npz") {
      let file = try NPZFile(path)
      (source, metadata) = (file, try file.words())
    } else if lowered.hasSuffix(".json") {
      let file = try JSONArchive(path)
      (source, metadata) = (file, file.metadata)
    } else if lowered.hasSuffix(".safetensors") {
      let file = try SafeTensors(path)
      (source, metadata) = (file, file.metadata)
    } else {
      throw FileError(.badData, path.visible, "a recording is .safetensors, .npz or .json")
    }
    arrays = source.tensors.filter { $0.type != "U" }
    places = Dictionary(
      arrays.enumerated().map { (ByteString($1.name), $0) }, uniquingKeysWith: { first, _ in first }
    )
  }

  /// Whether a path ends as the files that are read here do.
  public static func isName(_ path: String) -> Bool {
    [".safetensors", ".npz", ".json"].contains { path.lowercased().hasSuffix($0) }
  }

  /// An array as its file describes it.
  public subscript(name: String) -> StoredTensor? { places[ByteString(name)].map { arrays[$0] } }

  /// Words about the arrays.
  public func words(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  /// Reads an array of floating-point numbers.
  ///
  /// - Returns: `nil` when there is no such array.
  public func tensor(_ name: String) throws -> Tensor? { try source.tensor(name) }

  /// Reads an array of whole numbers or truth values.
  ///
  /// - Returns: `nil` when there is no such array or it holds something else.
  public func integers(_ name: String) throws -> [Int]? { try source.integers(name) }
}

/// What arrays of numbers can be read from.
private protocol NumberListing: Sendable {
  var tensors: [StoredTensor] { get }
  func tensor(_ name: String) throws -> Tensor?
  func integers(_ name: String) throws -> [Int]?
}

extension SafeTensors: NumberListing {}
extension JSONArchive: NumberListing {}

extension NPZFile: NumberListing {
  /// `metadata.json` and the arrays of text: one string as it is, several as a list.
  fileprivate func words() throws -> [(key: String, value: String)] {
    var all: [(key: String, value: String)] = []
    if let bytes = try file("metadata.json") {
      let json = try JSON(parsing: bytes, path: "\(path): metadata.json")
      all = JSONArchive.words(json) ?? []
    }
    for array in tensors where array.type == "U" && array.shape.count <= 1 {
      guard let strings = try strings(array.name) else { continue }
      let words =
        array.shape.isEmpty ? strings.first ?? "" : JSON.array(strings.map(JSON.string)).text()
      all.append((array.name, words))
    }
    return all
  }
}
