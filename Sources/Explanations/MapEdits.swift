internal import Analysis
internal import Figures
internal import Tokenization
public import Transformers

/// What is done to a map of weights on purpose before it is drawn; every bit of it is declared.
public struct MapEdits: Sendable, Equatable {
  /// Whether special tokens are taken out and the rows divided by what is left of them.
  public var removesSpecial: Bool
  /// Whether the pieces of a word become one.
  public var mergesWords: Bool
  /// Whether colours end at the largest weight outside special tokens and sinks.
  public var isSinkAware: Bool

  /// Creates edits; none unless asked for.
  public init(removesSpecial: Bool = false, mergesWords: Bool = false, isSinkAware: Bool = false) {
    self.removesSpecial = removesSpecial
    self.mergesWords = mergesWords
    self.isSinkAware = isSinkAware
  }

  /// Applies them to a map of a run.
  func applied(to map: WeightMap, _ run: Run) -> WeightMap {
    var map = map
    if removesSpecial { map = map.removing(Set(run.specialPositions)) }
    if mergesWords {
      map = map.merging(words: run.tokens.indices.map { run.mergedWord(of: $0) })
    }
    return map
  }

  /// The badge of a changed map; `nil` when nothing was changed.
  func badge(_ map: WeightMap, _ run: Run) -> String? {
    let words = map.changes.map { change in
      switch change {
      case .mean(let heads): "mean of \(heads) heads, never softmaxed again"
      case .removed(let positions, _):
        "\(run.listed(positions)) removed, rows renormalised"
      case .merged(let pieces, let words): "\(pieces) tokens merged into \(words) words"
      }
    }
    return words.isEmpty ? nil : words.joined(separator: " · ")
  }

  /// What the changes mean, for the notes.
  func notes(_ map: WeightMap, _ run: Run) -> [[Inline]] {
    map.changes.compactMap { change -> [Inline]? in
      switch change {
      case .mean: nil
      case .removed(let positions, let kept):
        [
          .text(
            "Without \(run.listed(positions)) a row has \(Precision.percent(kept)) of its weight left "
              + "on average; it was divided by what is left, so that it sums to 1 again.")
        ]
      case .merged:
        [
          .text(
            "Pieces of one word are merged: the weight on a word is the sum over its pieces, the row "
              + "of a word the mean over its pieces; rows still sum to 1.")
        ]
      }
    }
  }
}

extension Run {
  /// The positions of the tokens that the tokenizer added.
  var specialPositions: [Int] {
    encoding.isSpecial.indices.filter { encoding.isSpecial[$0] }
  }

  /// The word of a token for merging; `nil` for special tokens and punctuation, which stay alone.
  func mergedWord(of position: Int) -> Int? {
    guard !encoding.isSpecial[position], tokens[position].kind != .punctuation else { return nil }
    return tokens[position].word
  }

  /// "[CLS] and [SEP]".
  func listed(_ positions: [Int]) -> String {
    let names = positions.map { tokens[$0].text }
    guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
    guard names.count <= 4 else { return "\(names.count) special tokens" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The labels of a map's rows and columns: tokens, or words put together from their pieces.
  func labels(of map: WeightMap, focus: Int? = nil) -> [TokenLabel] {
    let all = labels()
    return map.groups.enumerated().map { index, group in
      guard let first = group.first else { return TokenLabel("") }
      var label = all[first]
      if group.count > 1 { label = TokenLabel(source(of: group)) }
      label.isFocused = index == focus
      return label
    }
  }

  /// The source text of neighbouring tokens.
  private func source(of group: [Int]) -> String {
    guard let first = group.first, let last = group.last, encoding.sequence[first] != nil else {
      return ""
    }
    let scalars = Array((encoding.sequence[first] == 0 ? text : pair ?? "").unicodeScalars)
    let range = encoding.offsets[first].lowerBound..<encoding.offsets[last].upperBound
    return String(String.UnicodeScalarView(scalars[range.clamped(to: scalars.indices)]))
  }
}
