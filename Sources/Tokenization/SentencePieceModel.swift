internal import Files

/// A model file of SentencePiece: pieces with scores, and how a text is normalized before it is cut
/// (`sentencepiece_model.proto`).
struct SentencePieceModel {
  /// One piece.
  struct Piece {
    var text: String
    var score = 0.0
    var kind = TokenizerMetadata.Kind.normal
  }

  /// The file, for messages.
  let path: String
  private(set) var pieces: [Piece] = []
  /// Whether pieces are joined by their scores, instead of the best way to cut being searched.
  private(set) var isBytePair = false
  /// Whether characters that no piece has are spelt by byte pieces.
  private(set) var fallsBackToBytes = false
  /// The precompiled map of characters; empty when there is none.
  private(set) var characterMap: [UInt8] = []
  private(set) var addsPrefix = true
  private(set) var removesExtraSpaces = true
  private var escapesSpaces = true
  private var marksEnds = false

  /// Reads a model file.
  ///
  /// - Throws: `FileError` of kind `badData` for a broken file or a kind of model that is not read.
  init(_ file: MappedFile) throws {
    self = try withExtendedLifetime(file) { try Self(parsing: file.bytes, path: file.path) }
  }

  /// Reads the bytes of a model file.
  init(parsing bytes: UnsafeRawBufferPointer, path: String) throws {
    self.path = path
    var reader = ProtobufReader(bytes, path: path)
    while let (field, value) = try reader.next() {
      guard case .bytes(let bytes) = value else { continue }
      switch field {
      case 1: pieces.append(try piece(bytes))
      case 2: try readTraining(bytes)
      case 3: try readNormalization(bytes)
      default: break
      }
    }
    guard !pieces.isEmpty else {
      throw FileError(.badData, path, "holds no pieces; it is not a SentencePiece model")
    }
    guard escapesSpaces, !marksEnds else {
      throw FileError(.badData, path, "marks spaces in a way that is not supported")
    }
  }

  /// The piece for what no other piece has.
  ///
  /// - Throws: `FileError` when there is not exactly one.
  func unknownID() throws -> Int {
    let unknown = pieces.indices.filter { pieces[$0].kind == .unknown }
    guard unknown.count == 1 else {
      throw FileError(.badData, path, "has \(unknown.count) pieces for the unknown, not one")
    }
    return unknown[0]
  }

  private func piece(_ bytes: UnsafeRawBufferPointer) throws -> Piece {
    var piece = Piece(text: "")
    var reader = ProtobufReader(bytes, path: path)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .bytes(let text)): piece.text = try self.text(text)
      case (2, .fixed32(let bits)): piece.score = Double(Float(bitPattern: bits))
      case (3, .integer(let number)):
        guard let kind = Int(exactly: number).flatMap(TokenizerMetadata.Kind.init) else {
          throw failure("is of the unknown kind \(number)")
        }
        piece.kind = kind
      default: break
      }
    }
    guard !piece.text.isEmpty else { throw failure("is empty") }
    guard piece.score.isFinite else { throw failure("has a score that is no number") }
    return piece
  }

  private mutating func readTraining(_ bytes: UnsafeRawBufferPointer) throws {
    var reader = ProtobufReader(bytes, path: path)
    while let (field, value) = try reader.next() {
      guard case .integer(let number) = value else { continue }
      switch field {
      case 3:
        guard number == 1 || number == 2 else {
          throw FileError(
            .badData, path,
            "is a model of kind \(number); known: 1 (unigram), 2 (byte-pair encoding)")
        }
        isBytePair = number == 2
      case 24: marksEnds = number != 0
      case 35: fallsBackToBytes = number != 0
      default: break
      }
    }
  }

  private mutating func readNormalization(_ bytes: UnsafeRawBufferPointer) throws {
    var reader = ProtobufReader(bytes, path: path)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (2, .bytes(let map)): characterMap = Array(map)
      case (3, .integer(let number)): addsPrefix = number != 0
      case (4, .integer(let number)): removesExtraSpaces = number != 0
      case (5, .integer(let number)): escapesSpaces = number != 0
      default: break
      }
    }
  }

  private func text(_ bytes: UnsafeRawBufferPointer) throws -> String {
    guard let text = String(validating: bytes.bindMemory(to: UInt8.self), as: UTF8.self) else {
      throw failure("is not UTF-8")
    }
    return text
  }

  private func failure(_ fact: String) -> FileError {
    FileError(.badData, path, "piece \(pieces.count) \(fact)")
  }
}
