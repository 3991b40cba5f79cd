internal import Analysis
internal import Figures
internal import Files
internal import Tensors
internal import Tokenization
internal import Transformers

// The words that figures of a run share: labels, provenance, descriptions.

extension Run {
  /// The tokens as labels: what the model reads, or the source text where the model changed more
  /// than its case.
  func labels(focus: Int? = nil) -> [TokenLabel] { tokens.labels(focus: focus) }

  /// " of the encoder": which part of an encoder–decoder's run it is; nothing for other runs.
  var stackWords: String {
    switch stack {
    case .sole: ""
    case .encoder: " of the encoder"
    case .decoder: " of the decoder"
    case .cross: " of the cross-attention"
    }
  }

  /// "minilm", "the encoder of phonemes".
  var modelWords: String {
    stackWords.isEmpty ? model : "\(stackWords.dropFirst(4)) of \(model)"
  }

  /// What the model reads where labels show the source instead; `nil` where they agree.
  var normalisationNote: [Inline]? {
    let changed = (stack == .cross ? keys.tokens + tokens : tokens).filter { $0.shown != $0.text }
    guard !changed.isEmpty else { return nil }
    let examples = changed.prefix(3).map { token in
      "\(token.kind == .unknown ? token.text : token.text.quoted) for \(token.source)"
    }
    let more = changed.count > 3 ? " and so on" : ""
    return [
      .text(
        "Labels are the source text. The model reads \(examples.joined(separator: ", "))\(more).")
    ]
  }

  /// Model, digest and text: the last paragraph of every figure.
  var provenanceNote: [Inline] {
    let digest = modelDigest.map { " (sha256 \($0.prefix(8))…)" } ?? ""
    let second = pair.map { " and \($0.visible.shortened(to: 120).isolated.quoted)" } ?? ""
    let note = attentionNote.map { "; \($0)." } ?? "."
    let read = source?.count ?? count
    let written =
      target.map {
        "; it writes \($0.text.visible.shortened(to: 160).isolated.quoted), \($0.count) tokens with the "
          + "one it starts from"
      } ?? ""
    return [
      .text(
        "\(model)\(digest) on \((source?.text ?? text).visible.shortened(to: 160).isolated.quoted)\(second), \(read) "
          + "tokens\(written)\(note)\(originNote)")
    ]
  }

  /// The temperature inside attention, where it is not the model's own.
  var attentionNote: String? {
    if let tau = attentionTemperature.uniform(configuration) {
      return tau == 1 ? nil : "attention at τ = \(NumberFormat.temperature(tau))"
    }
    let heads = (0..<configuration.layers).flatMap { layer in
      (0..<configuration.heads).map { (layer, $0, attentionTemperature[layer: layer, head: $0]) }
    }.filter { $0.2 != 1 }
    let named = heads.prefix(4).map { "L\($0.0)H\($0.1) at \(NumberFormat.temperature($0.2))" }
    let more = heads.count > 4 ? " and \(heads.count - 4) more" : ""
    return "attention at τ = 1 but in \(named.joined(separator: ", "))\(more)"
  }

  /// The three strongest links of a map of weights, row by row: “on” at “the (1)” .44; …
  func strongestLinks(_ weights: [Float], keys count: Int) -> String {
    weights.indicesOfLargest(3).map { index in
      "\(name(of: index / count).quoted) at \(keys.tokens.name(of: index % count).quoted) "
        + NumberFormat.weight(Double(weights[index]))
    }.joined(separator: "; ")
  }

  /// The three strongest links of a map of weights and the mean entropy of its rows, in words.
  func description(of weights: Tensor, layer: Int, head: Int) -> String {
    let n = weights.rows
    let links = strongestLinks(weights.numbers, keys: weights.width)
    let entropy = HeadSummary(layer: layer, head: head, weights: weights, special: []).entropy
    return
      "Attention weights of layer \(layer), head \(head)\(stackWords) of \(model) for \(n) tokens, as a "
      + "heatmap. Strongest: \(links). Mean entropy of a row: "
      + "\(NumberFormat.fixed(Double(entropy), decimals: 2)) nats."
  }
}

extension [Float] {
  /// Where the largest numbers stand, largest first, of equal ones the first.
  fileprivate func indicesOfLargest(_ count: Int) -> [Int] {
    var largest: [Int] = []
    for index in indices
    where largest.count < count || self[index] > self[largest[count - 1]] {
      let place = largest.firstIndex { self[index] > self[$0] } ?? largest.count
      largest.insert(index, at: place)
      if largest.count > count { largest.removeLast() }
    }
    return largest
  }
}

extension Configuration {
  /// "6 layers × 12 heads".
  var sheet: String { "\(plural(layers, "layer")) × \(plural(heads, "head"))" }
}

extension Run {
  /// "6 layers × 12 heads"; of a recording its layers by name where the first ones are missing.
  var sheet: String {
    let layers = recordedLayers
    guard origin != nil, layers != Array(0..<configuration.layers) else {
      return configuration.sheet
    }
    return "\(layers.ranges) × \(plural(configuration.heads, "head"))"
  }

  /// What the rows of weights sum to, for legends.
  var rowSums: [Inline] {
    guard let deviation = origin?.deviation else { return ["each row sums to 1"] }
    return [.text("rows sum to 1 within \(NumberFormat.amount(deviation.size, decimals: 2))")]
  }

  /// That the numbers were read, and what was concluded about them.
  private var originNote: String {
    guard let origin else { return "" }
    let digest = origin.digest.map { " (sha256 \($0.prefix(8))…)" } ?? ""
    let rows =
      origin.deviation.map {
        [
          "The sum of a row misses 1 by up to \(NumberFormat.amount($0.size, decimals: 3)) (\($0.place))."
        ]
      } ?? []
    let text = origin.text == nil ? ["The text is put together from its tokens."] : []
    return (["Read from a recording\(digest)."] + origin.notes + rows + text)
      .map { " " + $0 }.joined()
  }
}

/// "1 layer", "6 layers".
func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

extension [DisplayToken] {
  /// The tokens of a text as labels.
  func labels(focus: Int? = nil) -> [TokenLabel] {
    let pieces = Dictionary(grouping: indices, by: { self[$0].word })
    return enumerated().map { position, token in
      TokenLabel(
        token.shown, secondary: token.kind == .unknown ? token.text : nil, kind: token.labelKind,
        word: pieces[token.word].map { $0.count > 1 } ?? false ? token.word : nil,
        isFocused: position == focus)
    }
  }

  /// A token as a reader knows it; the same words are told apart by their positions.
  func name(of position: Int) -> String {
    let text = self[position].text
    let isAlone = filter { $0.text == text }.count == 1
    return isAlone ? text : "\(text) (\(position))"
  }
}

extension DisplayToken {
  /// The token as a label on its own: outside its text, without a bracket.
  var label: TokenLabel {
    TokenLabel(shown, secondary: kind == .unknown ? text : nil, kind: labelKind)
  }

  /// The label's text: the token as the model reads it, or its source where they differ in more than
  /// case, or the model does not know it.
  fileprivate var shown: String {
    let isInk = source.unicodeScalars.contains {
      !$0.properties.isWhitespace && $0.properties.generalCategory != .control
    }
    guard isInk, kind != .partial, kind != .special else { return text }
    if kind == .unknown { return source }
    let plain = text.hasPrefix("␣") ? String(text.dropFirst()) : text
    return isPiece || source.lowercased() == plain.lowercased() || source.contains(plain)
      ? text : source
  }

  /// Whether the source is not the token's alone.
  private var isPiece: Bool { raw.hasPrefix("##") }

  fileprivate var labelKind: TokenLabel.Kind {
    switch kind {
    case .word: .word
    case .special: .special
    case .unknown: .unknown
    case .punctuation: .punctuation
    case .partial: .partial
    }
  }
}

extension String {
  /// The text between isolates, so that one that reads from right to left leaves the words around
  /// it in order.
  var isolated: String {
    let isPlain = unicodeScalars.allSatisfy { $0.value < 0x590 }
    return isPlain ? self : "\u{2068}\(self)\u{2069}"
  }

  /// The text in quotation marks.
  var quoted: String { "“\(self)”" }
}
