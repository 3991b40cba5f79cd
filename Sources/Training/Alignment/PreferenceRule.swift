internal import Tensors

/// A stated rule that says which of two continuations is better: it stands for the person whose
/// wishes a reward model learns, and unlike a person it can be asked what it really wants.
public enum PreferenceRule: String, Sendable, CaseIterable {
  /// Fewer words.
  case shorter
  /// More different words for animals, of a stated list.
  case animals
  /// The text comes to an end.
  case ends

  /// What it prefers, in words.
  public var meaning: String {
    switch self {
    case .shorter: "the continuation with fewer words"
    case .animals: "the continuation that names more different animals"
    case .ends: "the continuation that comes to an end"
    }
  }

  /// What its score counts, in words.
  public var unit: String {
    switch self {
    case .shorter: "words, negative"
    case .animals: "different animals"
    case .ends: "1 where the text ends"
    }
  }

  /// How good a continuation is: a function of the text alone.
  ///
  /// - Parameters:
  ///   - text: The continuation, without its prompt.
  ///   - isFinished: Whether the writer ended it, and was not cut off.
  public func score(of text: String, isFinished: Bool) -> Double {
    switch self {
    case .shorter: -Double(Self.words(of: text).count)
    case .animals: Double(Set(Self.words(of: text).compactMap(Self.animal)).count)
    case .ends: isFinished || Self.closesSentence(text) ? 1 : 0
    }
  }

  /// The words of a text: its runs of letters, in lower case.
  public static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter }.map(String.init)
  }

  /// The animal that a word names, in the singular.
  public static func animal(_ word: String) -> String? {
    if AnimalWords.all.contains(word) { return word }
    let singular = String(word.dropLast())
    return word.last == "s" && AnimalWords.all.contains(singular) ? singular : nil
  }

  /// Whether the last mark that can be seen is a full stop, or one of its kind.
  private static func closesSentence(_ text: String) -> Bool {
    let closing: Set<Character> = ["\"", "'", ")", "”", "’"]
    let last = text.last { !$0.isWhitespace && !closing.contains($0) }
    return last.map { ".!?".contains($0) } ?? false
  }
}

extension PreferenceRule {
  /// What a comparison said.
  public struct Label: Sendable, Equatable {
    /// Whether the first text was chosen.
    public var choosesFirst: Bool
    /// Whether chance turned the rule's own choice round.
    public var isFlipped: Bool
  }

  /// Which of two scores is chosen; `nil` where the rule has no preference.
  ///
  /// - Parameters:
  ///   - first: The first text’s score.
  ///   - second: The second text’s score.
  ///   - noise: The probability of a label that is turned round.
  ///   - seed: What chance depends on, besides the number of the comparison.
  ///   - number: Which comparison it is.
  public static func label(
    _ first: Double, _ second: Double, noise: Double, seed: UInt64, number: Int
  ) -> Label? {
    guard first != second else { return nil }
    let key = Learner.mix([seed, 0x6E6F_6973_65, UInt64(bitPattern: Int64(number))])
    var random = RandomNumbers(seed: key)
    let isFlipped = random.uniform() < noise
    return Label(choosesFirst: (first > second) != isFlipped, isFlipped: isFlipped)
  }
}
