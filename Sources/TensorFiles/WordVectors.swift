internal import Files
public import Tensors

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Words and their vectors from a text file, as GloVe and word2vec write them: a line a word, the
/// word first, then its numbers, with single spaces or tabs between. word2vec's first line, the
/// number of words and of dimensions, may be there or not.
///
/// The file is read line by line; nothing is allocated by what a header claims.
public struct WordVectors: Sendable {
  /// The words in the order of the file.
  public let words: [String]
  /// Their vectors, `[words, dimensions]`.
  public let vectors: Tensor
  /// The place of every word.
  private let places: [String: Int]

  /// The most dimensions of a vector.
  public static let mostDimensions = 16_384
  /// The most words of a file.
  public static let mostWords = 8_000_000

  /// The place of exactly this word.
  public func place(of word: String) -> Int? { places[word] }

  /// Reads a file.
  ///
  /// - Throws: `FileError` of kind `badData` that names the line.
  public init(_ path: String) throws {
    let file = try MappedFile(path)
    var reader = WordVectorReader(path: path)
    try withExtendedLifetime(file) { try reader.read(file.bytes) }
    words = reader.words
    places = reader.places
    vectors = Tensor(reader.numbers, shape: [reader.words.count, reader.dimensions])
  }
}

/// Reads the lines of a file of word vectors.
private struct WordVectorReader {
  let path: String
  var words: [String] = []
  var places: [String: Int] = [:]
  var numbers: [Float] = []
  var dimensions = 0
  private var line = 0
  /// What a header said there would be.
  private var announced: Int?

  init(path: String) { self.path = path }

  mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
    var start = 0
    while start < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      let length = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.count
      line += 1
      try read(line: rest[..<length])
      start += length + 1
    }
    guard !words.isEmpty else { throw FileError(.badData, path, "holds no word vectors") }
    if let announced, announced != words.count {
      throw FileError(
        .badData, path, "its first line says \(announced) words, it has \(words.count)")
    }
  }

  private mutating func read(line bytes: Slice<UnsafeRawBufferPointer>) throws {
    let fields = bytes.split { $0 == UInt8(ascii: " ") || $0 == 0x09 || $0 == 0x0D }
    if line == 1, fields.count == 2, let count = Self.whole(fields[0]),
      let width = Self.whole(fields[1])
    {
      announced = count
      dimensions = width
      guard (1...WordVectors.mostDimensions).contains(width) else {
        throw error("says \(width) dimensions; 1 to \(WordVectors.mostDimensions) are accepted")
      }
      return
    }
    guard let first = fields.first else { throw error("is empty") }
    if dimensions == 0 { dimensions = fields.count - 1 }
    guard fields.count == dimensions + 1, dimensions > 0 else {
      throw error(
        "has \(fields.count - 1) numbers after the word, \(max(dimensions, 1)) are expected")
    }
    guard dimensions <= WordVectors.mostDimensions, words.count < WordVectors.mostWords else {
      throw error(
        "goes beyond \(WordVectors.mostWords) words of \(WordVectors.mostDimensions) dimensions")
    }
    guard let word = String(validating: first, as: UTF8.self) else {
      throw error("has a word that is not UTF-8")
    }
    for field in fields.dropFirst() {
      guard let number = Self.number(field) else {
        let text = String(decoding: field.prefix(40), as: UTF8.self).visible
        throw error("has \"\(text)\" where a finite number is expected")
      }
      numbers.append(number)
    }
    // A word that comes again keeps its first vector.
    if places[word] == nil { places[word] = words.count }
    words.append(word)
  }

  private func error(_ fact: String) -> FileError {
    FileError(.badData, path, "line \(line) \(fact)")
  }

  private static func whole(_ field: Slice<UnsafeRawBufferPointer>) -> Int? {
    String(validating: field, as: UTF8.self).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// A number in decimal digits.
  private static func number(_ field: Slice<UnsafeRawBufferPointer>) -> Float? {
    guard field.count <= 48 else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 49) { text in
      for (place, byte) in field.enumerated() {
        guard "+-.eE".utf8.contains(byte) || (0x30...0x39).contains(byte) else { return nil }
        text[place] = CChar(bitPattern: byte)
      }
      text[field.count] = 0
      guard let start = text.baseAddress else { return nil }
      var end: UnsafeMutablePointer<CChar>?
      let value = strtof(start, &end)
      return end == start + field.count && value.isFinite ? value : nil
    }
  }
}
