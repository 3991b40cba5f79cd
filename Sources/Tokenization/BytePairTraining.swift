public import Files

/// Learns the merges of a byte-level vocabulary from texts (Sennrich et al. 2016, algorithm 1;
/// Radford et al. 2019, §2.2): the pair of tokens that stands together most often becomes a token,
/// again and again; of equally frequent pairs the one whose tokens came first.
public struct BytePairTraining: Sendable {
  /// Tokens that stand for no text, in the order of their numbers; they come first.
  public var specialTokens: [String]
  /// How many tokens there are at most.
  public var vocabulary: Int
  /// Whether no token is longer than one character, as where words are spelt.
  public var isSpelling = false

  /// Creates a training.
  public init(specialTokens: [String], vocabulary: Int, isSpelling: Bool = false) {
    self.specialTokens = specialTokens
    self.vocabulary = vocabulary
    self.isSpelling = isSpelling
  }

  /// What was learned: the tokens by their number, and the merges in their order.
  public struct Result: Sendable, Equatable {
    /// The tokens, special ones first, then the 256 bytes, then what was merged.
    public var tokens: [String]
    /// The pairs that become one token.
    public var merges: [[String]]
  }

  /// Learns from texts.
  ///
  /// - Throws: `TokenizationError` for a text that cannot be cut into words.
  public func learn(from texts: [String]) throws -> Result {
    let alphabet = ByteAlphabet.scalars.sorted { $0.value < $1.value }
    var tokens = specialTokens + alphabet.map { String($0) }
    var ids: [String: Int] = [:]
    for (id, token) in tokens.enumerated().reversed() { ids[token] = id }
    var learner = PairLearner(words: try words(of: texts, alphabet, first: specialTokens.count))
    var merges: [[String]] = []
    while tokens.count < vocabulary, let pair = learner.best() {
      let token = tokens[pair.left] + tokens[pair.right]
      merges.append([tokens[pair.left], tokens[pair.right]])
      // Two pairs may spell one token.
      let id = ids[token] ?? tokens.count
      if id == tokens.count {
        tokens.append(token)
        ids[token] = id
      }
      learner.merge(pair, into: id)
    }
    return Result(tokens: tokens, merges: merges)
  }

  /// Every different word as bytes, and how often it is there; the same order every time.
  private func words(
    of texts: [String], _ alphabet: [Unicode.Scalar], first: Int
  ) throws -> [(symbols: [Int], count: Int)] {
    let cutter = try PreTokenizer(
      Component(Result.byteLevel, role: "pre_tokenizer", path: "the text"))
    var counts: [[Unicode.Scalar]: Int] = [:]
    for text in texts {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for line in lines.joinedInRuns() {
        for words in try cutter.apply(to: [Words(AlignedText(Array(line.unicodeScalars)))]) {
          for range in words.ranges {
            let word = words.text.scalars[range]
            let parts = isSpelling ? word.characterRuns() : [word]
            for part in parts { counts[Array(part), default: 0] += 1 }
          }
        }
      }
    }
    let numbers = Dictionary(
      uniqueKeysWithValues: alphabet.enumerated().map { ($1, first + $0) })
    return counts.map { word, count in (word.compactMap { numbers[$0] }, count) }
      .sorted { $0.symbols.lexicographicallyPrecedes($1.symbols) }
  }
}

extension ArraySlice<Unicode.Scalar> {
  /// Bytes, as the scalars that stand for them, cut before each first byte of a character.
  fileprivate func characterRuns() -> [ArraySlice<Unicode.Scalar>] {
    let starts = indices.filter { ByteAlphabet.byte(self[$0]).map(UTF8.isContinuation) != true }
    return zip(starts, starts.dropFirst() + [endIndex]).map { self[$0..<$1] }
  }
}

extension [Substring] {
  /// Lines put together to texts of some 100,000 characters: words never go over the end of a line
  /// that is followed by one that begins with a letter, so a long text is cut there.
  fileprivate func joinedInRuns() -> [String] {
    var (runs, run, size) = ([String](), [Substring](), 0)
    for line in self {
      if size > 100_000, line.first?.isLetter == true, run.last?.isEmpty == false {
        runs.append(run.joined(separator: "\n") + "\n")
        (run, size) = ([], 0)
      }
      run.append(line)
      size += line.utf8.count + 1
    }
    return runs + [run.joined(separator: "\n")]
  }
}

/// Words as symbols, and how often each pair of symbols stands in them.
private struct PairLearner {
  struct Pair: Hashable {
    var left: Int
    var right: Int
  }

  private struct Candidate {
    var pair: Pair
    var count: Int

    /// Whether it is merged before another one.
    func precedes(_ other: Candidate) -> Bool {
      count != other.count
        ? count > other.count
        : (pair.left, pair.right) < (other.pair.left, other.pair.right)
    }
  }

  private var words: [(symbols: [Int], count: Int)]
  private var counts: [Pair: Int] = [:]
  private var places: [Pair: Set<Int>] = [:]
  /// A heap; what a candidate counts may be out of date.
  private var heap: [Candidate] = []

  init(words: [(symbols: [Int], count: Int)]) {
    self.words = words
    for place in words.indices { count(place, by: 1) }
    for (pair, count) in counts { push(Candidate(pair: pair, count: count)) }
  }

  /// The pair that stands together most often.
  mutating func best() -> Pair? {
    while let top = pop() {
      let count = counts[top.pair] ?? 0
      if count == top.count, count > 0 { return top.pair }
      if count > 0 { push(Candidate(pair: top.pair, count: count)) }
    }
    return nil
  }

  /// Makes one symbol of a pair everywhere.
  mutating func merge(_ pair: Pair, into id: Int) {
    var changed: Set<Pair> = []
    for place in places.removeValue(forKey: pair) ?? [] {
      count(place, by: -1)
      var symbols: [Int] = []
      for symbol in words[place].symbols {
        // A run of equal symbols is merged from its left end.
        if symbol == pair.right, symbols.last == pair.left {
          symbols[symbols.count - 1] = id
        } else {
          symbols.append(symbol)
        }
      }
      words[place].symbols = symbols
      count(place, by: 1)
      for (left, right) in zip(symbols, symbols.dropFirst()) where left == id || right == id {
        changed.insert(Pair(left: left, right: right))
      }
    }
    counts[pair] = nil
    for pair in changed { push(Candidate(pair: pair, count: counts[pair] ?? 0)) }
  }

  private mutating func count(_ place: Int, by sign: Int) {
    let word = words[place]
    for (left, right) in zip(word.symbols, word.symbols.dropFirst()) {
      let pair = Pair(left: left, right: right)
      counts[pair, default: 0] += sign * word.count
      if sign > 0 { places[pair, default: []].insert(place) }
    }
  }

  // MARK: the heap

  private mutating func push(_ candidate: Candidate) {
    heap.append(candidate)
    var place = heap.count - 1
    while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func pop() -> Candidate? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var place = 0
    while true {
      let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
      guard let next = children.min(by: { heap[$0].precedes(heap[$1]) }),
        heap[next].precedes(heap[place])
      else { return top }
      heap.swapAt(place, next)
      place = next
    }
  }
}

extension BytePairTraining.Result {
  /// How words are cut and spelt.
  static var byteLevel: JSON {
    ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true]
  }

  /// A `tokenizer.json` as Hugging Face's `tokenizers` writes it.
  ///
  /// - Parameters:
  ///   - specialTokens: How many of the first tokens are special.
  ///   - before: The special token that goes before a text.
  ///   - after: The one that goes behind.
  public func tokenizerFile(specialTokens: Int, before: String?, after: String?) -> JSON {
    let bytes = Self.byteLevel
    let added = tokens.prefix(specialTokens).enumerated().map { id, token -> JSON in
      [
        "id": .integer(id), "content": .string(token), "single_word": false,
        // A hidden word takes the space before it along, as the word itself does.
        "lstrip": .bool(token == "[MASK]"),
        "rstrip": false, "normalized": false, "special": true,
      ]
    }
    let vocabulary = tokens.enumerated().map { JSON.Member($1, .integer($0)) }
    return [
      "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": .array(added),
      "normalizer": .null, "pre_tokenizer": bytes,
      "post_processor": before == nil && after == nil ? bytes : template(before, after),
      "decoder": bytes,
      "model": [
        "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
        "end_of_word_suffix": .null, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": false, "vocab": .object(vocabulary),
        "merges": .array(merges.map { .array($0.map(JSON.string)) }),
      ],
    ]
  }

  /// Another model's `tokenizer.json` with other tokens around a text.
  ///
  /// - Parameters:
  ///   - file: The other model’s `tokenizer.json`.
  ///   - before: The special token before a text; `nil` for none.
  ///   - after: The special token behind it; `nil` for none.
  ///   - ids: The number of a special token.
  public static func tokenizerFile(
    _ file: JSON, before: String?, after: String?, ids: (String) -> Int?
  ) -> JSON {
    let processor = template(before, after, ids: ids)
    return .object(
      (file.members ?? []).map {
        $0.key == "post_processor" ? JSON.Member($0.key, processor) : $0
      })
  }

  private func template(_ before: String?, _ after: String?) -> JSON {
    Self.template(before, after) { tokens.firstIndex(of: $0) }
  }

  private static func template(
    _ before: String?, _ after: String?, ids: (String) -> Int?
  ) -> JSON {
    func special(_ token: String?, _ type: Int) -> [JSON] {
      token.map { [["SpecialToken": ["id": .string($0), "type_id": .integer(type)]]] } ?? []
    }
    func text(_ name: String, _ type: Int) -> [JSON] {
      [["Sequence": ["id": .string(name), "type_id": .integer(type)]]]
    }
    let single = special(before, 0) + text("A", 0) + special(after, 0)
    let used = [before, after].compactMap(\.self)
    let members = Set(used).sorted().map { token in
      JSON.Member(
        token,
        [
          "id": .string(token), "ids": [.integer(ids(token) ?? 0)],
          "tokens": [.string(token)],
        ])
    }
    return [
      "type": "TemplateProcessing", "single": .array(single),
      "pair": .array(single + text("B", 1) + special(after, 1)), "special_tokens": .object(members),
    ]
  }
}
