/// A conversation as one text, and which parts of it a person wrote.
public struct ChatPrompt: Sendable, Equatable {
  /// The text that the model reads.
  public private(set) var text = ""
  /// What a person wrote, in Unicode scalars of the text.
  public private(set) var plain: [Range<Int>] = []

  /// Adds what belongs to the format.
  mutating func add(_ control: String) { text += control }

  /// Adds what a person wrote.
  mutating func add(plain words: String) {
    let start = text.unicodeScalars.count
    text += words
    // Counted by the whole: a first combining mark is a scalar of its own all the same.
    if !words.isEmpty { plain.append(start..<text.unicodeScalars.count) }
  }
}
