public import Files
public import Tensors
public import Tokenization

/// What a model learns from, as tokens, and a part that is kept aside.
public enum Corpus: Sendable {
  /// One long text; windows of it are drawn.
  case text(tokens: [Int], kept: [Int])
  /// Short texts, one behind the other.
  case lines(Lines)
  /// Sources and targets.
  case pairs([Pair], kept: [Pair])

  /// Short texts, in an order in which neighbours may have to do with each other.
  public struct Lines: Sendable, Equatable {
    /// The texts.
    public var texts: [[Int]]
    /// The texts that are kept aside.
    public var kept: [[Int]]
    /// The token before the first of an example.
    public var before: Int
    /// The token behind each.
    public var after: Int

    /// Creates lines.
    public init(texts: [[Int]], kept: [[Int]], before: Int, after: Int) {
      (self.texts, self.kept) = (texts, kept)
      (self.before, self.after) = (before, after)
    }
  }

  /// A source and its target, with the tokens that end them.
  public struct Pair: Sendable, Equatable {
    /// What is read.
    public var source: [Int]
    /// What is to be written.
    public var target: [Int]

    /// Creates a pair.
    public init(source: [Int], target: [Int]) {
      self.source = source
      self.target = target
    }
  }

  /// Cuts a text into tokens; its last part is kept aside.
  ///
  /// - Throws: `TokenizationError` when the vocabulary cannot express it.
  public init(text: String, tokenizer: Tokenizer, validation: Double) throws {
    let tokens = try tokenizer.encode(text, addSpecialTokens: false).ids
    let kept = Int(Double(tokens.count) * validation)
    self = .text(
      tokens: Array(tokens.dropLast(kept)), kept: Array(tokens.suffix(kept)))
  }

  /// Reads a text whose every line is a text of its own; some of all parts are kept aside.
  ///
  /// - Throws: `TokenizationError` when the vocabulary cannot express it.
  public init(
    lines text: String, tokenizer: Tokenizer, ends: (before: Int, after: Int), validation: Double
  ) throws {
    var lines = Lines(texts: [], kept: [], before: ends.before, after: ends.after)
    let all = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }
    for (number, line) in all.enumerated() {
      let tokens = try tokenizer.encode(String(line), addSpecialTokens: false).ids
      guard !tokens.isEmpty else { continue }
      if Self.isKept(number, validation) {
        lines.kept.append(tokens)
      } else {
        lines.texts.append(tokens)
      }
    }
    self = .lines(lines)
  }

  /// Whether the nth is one of the share that is kept aside.
  private static func isKept(_ number: Int, _ validation: Double) -> Bool {
    let share = Double(number + 1) * validation
    return Int(share) > Int(share - validation)
  }

  /// Reads pairs, a source, a tab and a target a line; some of all parts of the file are kept
  /// aside.
  ///
  /// - Throws: `FileError` that names the first line that is no pair.
  public init(
    pairs lines: String, path: String, tokenizer: Tokenizer, most: Int, validation: Double
  ) throws {
    var (pairs, kept): ([Pair], [Pair]) = ([], [])
    for (number, texts) in try Self.pairs(in: lines, path: path).enumerated() {
      let pair = Pair(
        source: try tokenizer.encode(texts.source).ids,
        target: try tokenizer.encode(texts.target).ids)
      // What is longer than the model takes cannot be learned from.
      guard pair.source.count <= most, pair.target.count <= most else { continue }
      if Self.isKept(number, validation) { kept.append(pair) } else { pairs.append(pair) }
    }
    self = .pairs(pairs, kept: kept)
  }

  /// The lines of a file of pairs.
  ///
  /// - Throws: `FileError` that names the first line that is no pair.
  public static func pairs(
    in text: String, path: String
  ) throws -> [(source: String, target: String)] {
    // By scalars: to Swift a line's end as on Windows is one character.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap {
      let line = $1.last == "\r" ? $1.dropLast() : $1
      guard !line.isEmpty else { return nil }
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw FileError(
          .badData, path,
          "line \($0 + 1) is no pair; write the source, one tab and the target")
      }
      return (String(parts[0]), String(parts[1]))
    }
  }
}

/// How examples are made of a corpus.
public enum Objective: Sendable, Equatable {
  /// Every next token.
  case nextToken
  /// Tokens that are hidden: of every hundred 15, of which 80 % are replaced by the mask, 10 % by
  /// any token and 10 % not at all (Devlin et al. 2018, §3.1).
  case maskedToken(mask: Int, before: Int, after: Int)
  /// The target after a source.
  case translation(start: Int)
}

/// Draws batches; which ones is a function of a seed and of the step, so that a run that is taken
/// up again draws the same.
public struct Batches: Sendable {
  let corpus: Corpus
  let objective: Objective
  /// Tokens of a text, or the most of a pair.
  let context: Int
  let vocabulary: Int
  let seed: UInt64

  /// Creates what draws.
  public init(
    _ corpus: Corpus, _ objective: Objective, context: Int, vocabulary: Int, seed: UInt64
  ) {
    self.corpus = corpus
    self.objective = objective
    self.context = context
    self.vocabulary = vocabulary
    self.seed = seed
  }

  /// Tokens that a window takes from the text.
  private var window: Int {
    if case .maskedToken = objective { context - 2 } else { context + 1 }
  }

  /// Why nothing can be drawn; `nil` where all is well.
  public var problem: String? {
    switch corpus {
    case .text(let tokens, _):
      tokens.count < window + 1
        ? "the text has \(tokens.count) tokens, a window takes \(window); give more text or a smaller --context"
        : nil
    case .lines(let lines): lines.texts.isEmpty ? "there is no line to learn from" : nil
    case .pairs(let pairs, _): pairs.isEmpty ? "there is no pair short enough to learn from" : nil
    }
  }

  /// A number that another corpus, or the same one cut into other tokens, does not have.
  public var digest: UInt64 {
    func mix(_ tokens: [Int]) -> UInt64 {
      tokens.reduce(UInt64(tokens.count)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
    return switch corpus {
    case .text(let tokens, let kept): Learner.mix([mix(tokens), mix(kept)])
    case .lines(let lines): Learner.mix((lines.texts + lines.kept).map(mix))
    case .pairs(let pairs, let kept):
      Learner.mix((pairs + kept).map { mix($0.source + [0] + $0.target) })
    }
  }

  /// The examples of a step, counted from 0.
  public func batch(step: Int, count: Int) -> [Example] {
    (0..<count).map { index in
      var random = RandomNumbers(
        seed: Learner.mix([seed, 0xBA7C, UInt64(step), UInt64(index)]))
      switch corpus {
      case .text(let tokens, _):
        let first = Int(random.next() % UInt64(max(1, tokens.count - window + 1)))
        return example(Array(tokens[first..<first + window]), &random)
      case .lines(let lines):
        let first = Int(random.next() % UInt64(lines.texts.count))
        // Now and then one alone, as a sentence that somebody asks about is.
        let count = random.uniform() < 0.25 ? 1 : Int.max
        return example(lines, lines.texts.dropFirst(first).prefix(count), &random)
      case .pairs(let pairs, _):
        return example(pairs[place(step * count + index, of: pairs.count)])
      }
    }
  }

  /// The examples that are kept aside, at most `most` of them, the same every time.
  public func kept(most: Int) -> [Example] {
    switch corpus {
    case .text(_, let tokens):
      let count = tokens.count / window
      return (0..<min(most, count)).map { index in
        var random = RandomNumbers(seed: Learner.mix([seed, 0x4E97, UInt64(index)]))
        let first = index * max(1, count / most) * window
        return example(Array(tokens[first..<first + window]), &random)
      }
    case .lines(let lines):
      let count = lines.kept.count
      return (0..<min(most, count)).map { index in
        var random = RandomNumbers(seed: Learner.mix([seed, 0x4E97, UInt64(index)]))
        let text = lines.kept[index * max(1, count / most)]
        return example(lines, [text], &random)
      }
    case .pairs(_, let kept): return kept.prefix(most).map(example)
    }
  }

  private func example(_ pair: Corpus.Pair) -> Example {
    guard case .translation(let start) = objective else {
      return Example(next: pair.source + pair.target)
    }
    return Example(source: pair.source, start: start, target: pair.target)
  }

  private func example(_ tokens: [Int], _ random: inout RandomNumbers) -> Example {
    guard case .maskedToken(let mask, let before, let after) = objective else {
      return Example(next: tokens)
    }
    return hiding([before] + tokens + [after], of: Array(1...tokens.count), by: mask, &random)
  }

  /// As many lines as there is room for; the last one may be cut.
  private func example(
    _ lines: Corpus.Lines, _ texts: ArraySlice<[Int]>, _ random: inout RandomNumbers
  ) -> Example {
    var (read, words) = ([lines.before], [Int]())
    let room = if case .maskedToken = objective { context } else { context + 1 }
    for text in texts {
      guard read.count < room else { break }
      let part = text.prefix(room - read.count)
      words += read.count..<read.count + part.count
      read += part
      if read.count < room { read.append(lines.after) }
    }
    guard case .maskedToken(let mask, _, _) = objective else { return Example(next: read) }
    return hiding(read, of: words, by: mask, &random)
  }

  /// Hides some of the words of a text.
  private func hiding(
    _ tokens: [Int], of words: [Int], by mask: Int, _ random: inout RandomNumbers
  ) -> Example {
    var (read, places) = (tokens, [Int]())
    for place in words where random.uniform() < 0.15 { places.append(place) }
    if places.isEmpty { places = [words[Int(random.next() % UInt64(words.count))]] }
    let answers = places.map { read[$0] }
    for place in places {
      let chance = random.uniform()
      if chance < 0.8 {
        read[place] = mask
      } else if chance < 0.9 {
        read[place] = Int(random.next() % UInt64(vocabulary))
      }
    }
    return Example(tokens: read, places: places, answers: answers)
  }

  /// The place of the nth pair: each round goes through all of them, in an order of its own.
  private func place(_ number: Int, of count: Int) -> Int {
    let round = UInt64(number / count)
    // A walk by a step that has no factor in common with the count meets every place once.
    var random = RandomNumbers(seed: Learner.mix([seed, 0x9A12, round]))
    let first = Int(random.next() % UInt64(count))
    var step = 1 + Int(random.next() % UInt64(max(1, count - 1)))
    while Self.divisor(step, count) != 1 { step = step % count + 1 }
    return (first + number % count * step) % count
  }

  private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
