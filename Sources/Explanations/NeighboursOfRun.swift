internal import Analysis
public import Figures
internal import Tensors
public import Tokenization
public import Transformers

extension Neighbours {
  /// The words of a model's vocabulary that are nearest to each token of a run: to its own word
  /// vector, and to what the token is after a layer.
  ///
  /// - Parameters:
  ///   - run: A run that recorded the output of the layer.
  ///   - model: Its model.
  ///   - layer: The layer, from 0.
  ///   - count: How many entries.
  /// - Throws: `ModelError` when there is no such layer, or its output was not recorded.
  public init(of run: Run, model: Model, layer: Int, showing count: Int) throws {
    try run.configuration.check(layer: layer)
    guard let output = run.trace[.output, layer: layer] else {
      throw ModelError(.noSuchPlace, "the output of layer \(layer) was not recorded")
    }
    let words = VocabularyOfModel(model)
    guard !words.ids.isEmpty else {
      throw ModelError(.badModel, "\(run.model) has no ordinary vocabulary entries")
    }
    let places = run.tokens.indices.filter { run.tokens[$0].kind != .special }
    guard !places.isEmpty else {
      throw ModelError(.badText, "the text has special tokens only; they have no neighbours")
    }
    let transformer = model.transformer
    let space = VectorSpace(words.ids) { transformer.wordVectors($0) }
    let ids = places.map { run.encoding.ids[$0] }
    let before = space.nearest(count + 1, to: transformer.wordVectors(ids))
    let after = space.nearest(count, to: output.gatheringRows(places))
    let labels = run.labels()
    let rows = places.indices.map { index in
      Row(
        labels[places[index]],
        before: before[index].filter { $0.id != ids[index] }.prefix(count).map {
          words.neighbour($0, of: ids[index])
        },
        after: after[index].map { words.neighbour($0, of: ids[index]) })
    }
    self.init(
      caption: Self.caption(run, rows, words, layer: layer, leftOut: run.count - places.count),
      beforeName: "nearest to its own word vector", afterName: "nearest after layer \(layer)",
      rows: rows)
  }

  private static func caption(
    _ run: Run, _ rows: [Row], _ words: VocabularyOfModel, layer: Int, leftOut: Int
  ) -> Caption {
    let own = rows.count { $0.after.first?.isOwn == true }
    var notes =
      "Compared with the rows of the model’s word table, as it adds them to the stream, without "
      + "position: on one side the token’s own row, itself left out; on the other the stream after "
      + "block \(layer). From all of them the mean of the table is taken. "
      + "\(NumberFormat.count(words.ids.count)) of \(NumberFormat.count(words.count)) rows take "
      + "part: special and unused entries are left out"
    notes += leftOut == 0 ? "." : ", as are the special tokens of the text (\(leftOut))."
    return Caption(
      title: "After layer \(layer), "
        + stillNearest(own, of: rows.count, "token", to: "word"),
      subtitle: [
        .text("\(run.model) · nearest word vectors of each token · mean-centred cosine")
      ],
      notes: [[.text(notes)]] + (run.normalisationNote.map { [$0] } ?? []),
      provenance: run.provenanceNote)
  }
}

/// The entries of a model's vocabulary that stand for text.
private struct VocabularyOfModel {
  let ids: [Int]
  let count: Int
  private let tokenizer: Tokenizer

  init(_ model: Model) {
    tokenizer = model.tokenizer
    count = model.configuration.vocabulary
    ids = (0..<model.configuration.vocabulary).filter { [tokenizer = model.tokenizer] id in
      guard let token = tokenizer.token(id), !tokenizer.isSpecial(id) else { return false }
      return !Self.isUnused(token)
    }
  }

  func neighbour(_ found: VectorSpace.Neighbour, of own: Int) -> Neighbours.Neighbour {
    Neighbours.Neighbour(
      tokenizer.display(id: found.id).rawLabel, cosine: found.cosine, isOwn: found.id == own)
  }

  /// Room for later words, as vocabularies name it: `[unused7]`, `<unused7>`, `<|reserved_7|>`.
  private static func isUnused(_ token: String) -> Bool {
    guard let first = token.first, let last = token.last, token.count > 2 else { return false }
    let isBracketed = (first == "[" && last == "]") || (first == "<" && last == ">")
    return isBracketed
      && (token.contains("unused") || token.contains("reserved") || token == "[UNK]"
        || token == "<unk>" || token == "<pad>" || token == "[PAD]")
  }
}

extension DisplayToken {
  /// The token as the vocabulary has it, so that a piece of a word is no whole word.
  fileprivate var rawLabel: TokenLabel {
    let label = label
    return raw.hasPrefix("##") ? TokenLabel(raw, kind: label.kind) : label
  }
}
