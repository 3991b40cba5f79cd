internal import Files

/// A unigram language model: of all ways to cut a word it takes the one whose pieces have the
/// largest sum of scores (Kudo 2018, arXiv:1804.10959), found by Viterbi's algorithm.
struct Unigram: TokenModel {
  let name = "Unigram"
  let vocabulary: Vocabulary
  private let scores: [Double]
  let unknownID: Int?
  private let unknownScore: Double
  private var byteIDs: [Int?] = []
  private let hidden: Set<Int>

  /// Takes the pieces with their scores; a piece's id is its place.
  ///
  /// - Parameter hidden: The ids of pieces that are never found in a word.
  /// - Throws: `FileError` when there are no pieces or `unknownID` is none of them.
  init(
    pieces: [(token: String, score: Double)], hidden: Set<Int> = [], unknownID: Int?,
    fallsBackToBytes: Bool, path: String
  ) throws {
    guard !pieces.isEmpty else {
      throw FileError(.badData, path, "the Unigram vocabulary is empty")
    }
    if let unknownID, !pieces.indices.contains(unknownID) {
      throw FileError(
        .badData, path,
        "\"unk_id\" is \(unknownID); the vocabulary has \(pieces.count) pieces")
    }
    vocabulary = try Vocabulary(
      pieces.enumerated().map { (token: $1.token, id: $0) }, path: path)
    scores = pieces.map(\.score)
    self.unknownID = unknownID
    self.hidden = hidden
    unknownScore = (scores.min() ?? 0) - 10
    if fallsBackToBytes {
      let vocabulary = vocabulary
      byteIDs = (0..<256).map { vocabulary.id(byteToken(UInt8($0))) }
    }
  }

  /// The best way to reach one position of the word.
  private struct Arrival {
    var id = -1
    var score = 0.0
    var start = -1
  }

  func tokenize(_ word: [UInt8], into tokens: inout [ModelToken]) throws {
    let arrivals = try arrivals(in: word)
    var pieces: [ModelToken] = []  // from the end; neighbouring unknowns fused
    var end = word.count
    while end > 0 {
      let arrival = arrivals[end]
      let isUnknown = arrival.id == unknownID
      if isUnknown, let last = pieces.last, Int(last.id) == unknownID {
        pieces[pieces.count - 1].start = Int32(arrival.start)
      } else {
        pieces.append(ModelToken(arrival.id, arrival.start..<end))
      }
      end = arrival.start
    }
    for piece in pieces.reversed() { append(piece, of: word, to: &tokens) }
  }

  private func arrivals(in word: [UInt8]) throws -> [Arrival] {
    var arrivals = Array(repeating: Arrival(), count: word.count + 1)
    func arrive(_ end: Int, _ id: Int, _ score: Double, from start: Int) {
      let total = score + arrivals[start].score
      guard arrivals[end].start < 0 || total > arrivals[end].score else { return }
      arrivals[end] = Arrival(id: id, score: total, start: start)
    }
    var start = 0
    while start < word.count {
      let next = min(start + sequenceLength(word[start]), word.count)
      var hasSingle = false
      var node = Vocabulary.root
      for position in start..<word.count {
        guard let further = vocabulary.child(of: node, word[position]) else { break }
        node = further
        guard let id = vocabulary.id(at: node), hidden.isEmpty || !hidden.contains(id) else {
          continue
        }
        arrive(position + 1, id, scores[id], from: start)
        if position + 1 == next { hasSingle = true }
      }
      if !hasSingle {
        guard let unknownID else {
          throw TokenizationError(
            "the text has a part that the vocabulary lacks, and the model names no unknown token")
        }
        arrive(next, unknownID, unknownScore, from: start)
      }
      start = next
    }
    return arrivals
  }

  /// Appends a piece; an unknown one as its bytes where the vocabulary has them all.
  private func append(_ piece: ModelToken, of word: [UInt8], to tokens: inout [ModelToken]) {
    let range = Int(piece.start)..<Int(piece.end)
    if Int(piece.id) == unknownID {
      if let id = vocabulary.id(word[range]), !hidden.contains(id) {
        tokens.append(ModelToken(id, range))
        return
      }
      let ids = byteIDs.isEmpty ? [] : word[range].compactMap { byteIDs[Int($0)] }
      if ids.count == range.count {
        tokens += ids.map { ModelToken($0, range) }
        return
      }
    }
    tokens.append(piece)
  }
}
