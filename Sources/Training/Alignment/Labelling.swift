public import Files

/// What a person has been asked, and said: candidates in order, each with its sides as chance put
/// them, and the comparisons that were made.
public struct Labelling: Sendable, Equatable {
  /// What is to be compared, every candidate with its sides as they are shown.
  public let candidates: [Comparison]
  /// What was said, in the order of the candidates.
  public private(set) var labels: [Comparison] = []

  /// Begins.
  ///
  /// - Parameters:
  ///   - candidates: What is to be compared; choices that were made are forgotten.
  ///   - seed: What the sides depend on, besides the number of the candidate.
  public init(_ candidates: [Comparison], seed: Int) {
    self.candidates = candidates.enumerated().map { number, candidate in
      var shown = candidate
      (shown.number, shown.choice, shown.source) = (number, .skip, .person)
      let key = Learner.mix([UInt64(bitPattern: Int64(seed)), 0x7369_6465, UInt64(number)])
      if key & 1 == 1 { (shown.left, shown.right) = (shown.right, shown.left) }
      return shown
    }
  }

  /// Goes on with labels that were made before.
  ///
  /// - Throws: `FileError` where they are those of other candidates, or of sides that lay
  ///   otherwise.
  public mutating func resume(_ made: [Comparison], path: String) throws {
    for (number, label) in made.enumerated() {
      guard number < candidates.count, label.number == number,
        candidates[number].prompt.text == label.prompt.text,
        candidates[number].left.text.text == label.left.text.text,
        candidates[number].right.text.text == label.right.text.text
      else {
        throw FileError(
          .badData, path,
          "label \(number + 1) is of other texts or of another --seed; name another file with -o")
      }
    }
    labels = made
  }

  /// What is asked next; `nil` when everything was said.
  public var next: Comparison? {
    labels.count < candidates.count ? candidates[labels.count] : nil
  }

  /// Says something about what is asked.
  public mutating func say(_ choice: Comparison.Choice) {
    guard var label = next else { return }
    label.choice = choice
    labels.append(label)
  }

  /// Takes the last label back; says whether there was one.
  @discardableResult
  public mutating func undo() -> Bool { labels.popLast() != nil }

  /// How often the left text was chosen, and in how many choices: far from half is a bias.
  public var leftChoices: (left: Int, all: Int) {
    (labels.count { $0.choice == .left }, labels.count { [.left, .right].contains($0.choice) })
  }
}
