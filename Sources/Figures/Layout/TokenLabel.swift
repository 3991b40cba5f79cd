/// A token as people read it, beside a row or a column.
public struct TokenLabel: Equatable, Sendable {
  /// What the token is; decides how it is drawn.
  public enum Kind: Equatable, Sendable {
    /// A word or a piece of one.
    case word
    /// A token the tokenizer adds: [CLS], [SEP]; grey.
    case special
    /// A token the model does not know; `secondary` says what it reads instead.
    case unknown
    /// Punctuation alone; on a chip.
    case punctuation
    /// Bytes that are no whole character: `<E6>`; grey.
    case partial
  }

  /// The text, newlines and control characters made visible.
  public private(set) var text: String
  /// What the model reads instead, such as "[UNK]"; small and grey beside the text.
  public private(set) var secondary: String?
  /// What the token is.
  public var kind: Kind
  /// The number of the word this is a piece of: neighbours with the same number get a bracket.
  public var word: Int?
  /// Whether this is the token the figure is about: bold, and in a heatmap its row is framed.
  public var isFocused: Bool

  /// Creates a label; a newline becomes `⏎`, a tab `⇥`, another control character `<0B>`.
  public init(
    _ text: String, secondary: String? = nil, kind: Kind = .word, word: Int? = nil,
    isFocused: Bool = false
  ) {
    self.text = text.withVisibleControls
    self.secondary = secondary?.withVisibleControls
    self.kind = kind
    self.word = word
    self.isFocused = isFocused
  }
}

extension TokenLabel {
  /// The same label where the figure is not about it.
  var unfocused: TokenLabel {
    var label = self
    label.isFocused = false
    return label
  }
}

/// One side of a matrix: what its rows or columns are.
public struct Axis: Equatable, Sendable {
  /// The first label in focus.
  package var focus: Int? {
    if case .tokens(let tokens) = labels { tokens.firstIndex(where: \.isFocused) } else { nil }
  }

  /// What stands beside each row or column.
  public enum Labels: Equatable, Sendable {
    /// One token each.
    case tokens([TokenLabel])
    /// Plain numbers from 0: dimensions.
    case numbers(count: Int)
  }

  /// What a row or column is: "query", "key", "dimension".
  public var name: String
  /// What it does, in words: "looks from", "looks at"; `nil` where it does nothing.
  public var role: String?
  /// What stands beside each row or column.
  public var labels: Labels
  /// How far the numbers of neighbours are apart: more than 1 where each stands for several.
  public var stride = 1

  /// Creates an axis of tokens.
  public init(_ name: String, role: String? = nil, tokens: [TokenLabel]) {
    self.name = name
    self.role = role
    labels = .tokens(tokens)
  }

  /// Creates an axis of numbers from 0 to `count` − 1.
  public init(_ name: String, role: String? = nil, count: Int) {
    self.name = name
    self.role = role
    labels = .numbers(count: count)
  }

  /// The number of rows or columns.
  public var count: Int {
    switch labels {
    case .tokens(let tokens): tokens.count
    case .numbers(let count): count
    }
  }
}
