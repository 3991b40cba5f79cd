public import Analysis
public import Figures
internal import Files
internal import Tensors
public import TensorFiles
internal import Transformers

extension Neighbours {
  /// The words of a file of vectors that are nearest to each word of a text: to its own vector, and
  /// to what one attention unit makes of it.
  ///
  /// - Parameters:
  ///   - text: The text. Words are what stands between spaces; punctuation at their ends stands by
  ///     itself.
  ///   - vectors: The words and vectors of a file.
  ///   - name: The file's name, for people.
  ///   - projections: W_Q and W_K of the unit; W_V is the identity.
  ///   - count: How many entries.
  /// - Throws: `ModelError` when no word of the text is in the file.
  public init(
    of text: String, in vectors: WordVectors, named name: String,
    through projections: AttentionUnit.Projections, showing count: Int
  ) throws {
    let (places, missing) = vectors.places(of: text)
    guard !places.isEmpty else {
      throw ModelError(.badText, "no word of the text is in \(name)")
    }
    let table = vectors.vectors
    let space = VectorSpace(Array(vectors.words.indices)) { table.gatheringRows($0) }
    let x = table.gatheringRows(places)
    let before = space.nearest(count + 1, to: x)
    let after = space.nearest(count, to: AttentionUnit(projections)(x).sums)
    let rows = places.indices.map { index in
      func named(_ found: VectorSpace.Neighbour) -> Neighbour {
        Neighbour(
          TokenLabel(vectors.words[found.id].visible), cosine: found.cosine,
          isOwn: found.id == places[index])
      }
      return Row(
        TokenLabel(vectors.words[places[index]].visible),
        before: before[index].filter { $0.id != places[index] }.prefix(count).map(named),
        after: after[index].map(named))
    }
    self.init(
      caption: Self.caption(rows, vectors, name, projections, text: text, missing: missing),
      beforeName: "nearest to its own vector", afterName: "nearest after one attention unit",
      rows: rows)
  }

  private static func caption(
    _ rows: [Row], _ vectors: WordVectors, _ name: String,
    _ projections: AttentionUnit.Projections, text: String, missing: [String]
  ) -> Caption {
    let own = rows.count { $0.after.first?.isOwn == true }
    let count = NumberFormat.count(vectors.words.count)
    var note =
      ", without mask, position or residual. Compared with all \(count) vectors of the file, the mean "
      + "of the file taken from everything; a word’s own vector is left out before."
    if !missing.isEmpty {
      let shown = missing.prefix(5).map { $0.visible.shortened(to: 30).isolated.quoted }
      let more = missing.count > 5 ? " and \(missing.count - 5) more" : ""
      note += " Not in the file and left out: \(shown.joined(separator: ", "))\(more)."
    }
    return Caption(
      title: "After one attention unit, "
        + stillNearest(own, of: rows.count, "word", to: "vector"),
      subtitle: [
        .text("\(name) · d = \(vectors.vectors.width) · no model · mean-centred cosine")
      ],
      notes: [unit(projections) + [.text(note)]],
      provenance: [
        .text("\(name) on \(text.visible.shortened(to: 160).isolated.quoted), \(rows.count) words.")
      ])
  }
}

extension Neighbours {
  /// "8 of 10 tokens are still nearest to their own word".
  static func stillNearest(_ own: Int, of all: Int, _ name: String, to what: String) -> String {
    "\(NumberFormat.count(own)) of \(NumberFormat.count(all)) \(name)\(all == 1 ? "" : "s") "
      + "\(own == 1 ? "is" : "are") still nearest to \(own == 1 ? "its" : "their") own \(what)"
  }

  /// What the unit computes.
  private static func unit(_ projections: AttentionUnit.Projections) -> [Inline] {
    let sum = Formula.row([
      .variable("z"), .sign("="), .word("Σ "), .sub(.variable("a"), .variable("j")),
      .sub(.variable("v"), .variable("j")),
    ])
    let (query, key, value) = (matrix("Q"), matrix("K"), matrix("V"))
    let start: [Inline] = ["The unit: ", .formula(.softmaxWeights), ", ", .formula(sum), "; "]
    switch projections {
    case .identity:
      return start + [
        .formula(query), ", ", .formula(key), " and ", .formula(value),
        " are the identity, so the score of two words is the product of their vectors",
      ]
    case .random(let seed):
      return start + [
        .formula(query), " and ", .formula(key), " are random numbers of variance 1/",
        .formula(.variable("d")), .text(" (seed \(seed)), "), .formula(value), " is the identity",
      ]
    }
  }

  private static func matrix(_ name: String) -> Formula {
    .sub(.variable("W"), .variable(name))
  }
}

extension WordVectors {
  /// The places of the words of a text, and the words that are not there: as they are written, else
  /// in small letters.
  fileprivate func places(of text: String) -> (places: [Int], missing: [String]) {
    var places: [Int] = []
    var missing: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace).flatMap(Self.pieces) {
      if let place = place(of: word) ?? place(of: word.lowercased()) {
        places.append(place)
      } else {
        missing.append(word)
      }
    }
    return (places, missing)
  }

  /// A word, with the punctuation at its ends by itself.
  private static func pieces(_ word: Substring) -> [String] {
    let isMark = { (character: Character) in character.isPunctuation || character.isSymbol }
    let head = word.prefix(while: isMark)
    let rest = word.dropFirst(head.count)
    let tail = rest.reversed().prefix(while: isMark).count
    return head.map(String.init) + (rest.count > tail ? [String(rest.dropLast(tail))] : [])
      + rest.suffix(tail).map(String.init)
  }
}
