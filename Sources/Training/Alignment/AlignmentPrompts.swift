public import Files
internal import Tensors
internal import Tokenization
internal import Transformers

/// What a policy is asked to continue.
public struct AlignmentPrompt: Sendable, Equatable, Hashable {
  /// The text.
  public var text: String
  /// Its tokens, those included that begin every text.
  public var ids: [Int]

  /// Creates a prompt.
  public init(_ text: String, ids: [Int]) {
    (self.text, self.ids) = (text, ids)
  }
}

extension AlignmentPrompt {
  /// The most tokens of a prompt that the model wrote itself.
  private static let most = 10

  /// Different beginnings of texts that the model writes itself: up to the first colon, as in
  /// "lion:"; where it hardly writes one, the first three tokens.
  ///
  /// - Throws: `ModelError` for a model that gives logits that are not finite.
  public static func written(
    by start: StartingModel, count: Int, seed: Int
  ) throws -> [AlignmentPrompt] {
    let (model, beginning) = (try start.transformer(), start.beginning)
    var (found, seen): ([AlignmentPrompt], Set<[Int]>) = ([], [])
    var needsColon = true
    for round in 0..<40 where found.count < count {
      let key = Learner.mix([UInt64(bitPattern: Int64(seed)), 0x5052_4F4D, UInt64(round)])
      let writer = ContinuationWriter(model, ends: start.ends, most: most, seed: key)
      let texts = try writer(Array(repeating: beginning, count: max(64, count)))
      let cut = texts.map { start.beginning(of: $0, untilColon: needsColon) }
      if round == 0, cut.count(where: { $0 != nil }) * 10 < texts.count { needsColon = false }
      let all = needsColon ? cut : texts.map { start.beginning(of: $0, untilColon: false) }
      for prompt in all.compactMap(\.self) where seen.insert(prompt.ids).inserted {
        found.append(prompt)
      }
    }
    guard !found.isEmpty else { return [AlignmentPrompt("", ids: beginning)] }
    return Array(found.prefix(count))
  }

  /// The lines of a file as prompts.
  ///
  /// - Throws: `FileError` where it holds none, or one has too many tokens.
  public static func read(
    _ path: String, for start: StartingModel, length: Int
  ) throws -> [AlignmentPrompt] {
    let text = String(decoding: try readFile(path, limit: 1 << 26), as: UTF8.self)
    let room = start.blueprint.shape.maximumTokens - length
    let prompts = try text.split(whereSeparator: \.isNewline).map { line in
      let ids = try start.tokenizer.encode(String(line)).ids
      guard !ids.isEmpty, ids.count <= room else {
        throw FileError(
          .badData, path, "the prompt \(line.prefix(40)) has \(ids.count) tokens, of 1 to \(room)")
      }
      return AlignmentPrompt(String(line), ids: ids)
    }
    guard !prompts.isEmpty else { throw FileError(.badData, path, "holds no prompt") }
    return prompts
  }
}

extension StartingModel {
  /// The beginning of a text that was written; `nil` where it has no colon.
  fileprivate func beginning(
    of text: Continuation, untilColon: Bool
  ) -> AlignmentPrompt? {
    let ids = text.ids.filter { !ends.contains($0) }
    let colon = ids.firstIndex { tokenizer.decode([$0]).hasSuffix(":") }
    guard let last = untilColon ? colon : min(2, ids.count - 1), last >= 0, !ids.isEmpty else {
      return nil
    }
    let own = Array(ids[...last])
    guard !own.contains(where: tokenizer.isSpecial) else { return nil }
    let words = tokenizer.decode(own).trimmed
    // A word before the colon, and not the colon alone.
    return words.contains(where: \.isLetter)
      ? AlignmentPrompt(words, ids: text.prompt + own) : nil
  }

  /// What a continuation says.
  func words(of text: Continuation) -> String {
    tokenizer.decode(text.ids.filter { !ends.contains($0) })
  }
}

extension String {
  /// Without white space around it.
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
