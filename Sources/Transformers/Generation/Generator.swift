import Tensors
import Tokenization

extension Model {
  /// Continues a text with the most probable token, again and again (greedy decoding).
  ///
  /// Every step runs the whole text; of equal logits the lowest id wins.
  ///
  /// - Parameters:
  ///   - text: The text to continue.
  ///   - count: How many tokens to add at most.
  ///   - stopsAtEnd: Whether a token that ends a text is the last one.
  /// - Returns: The ids of the new tokens.
  /// - Throws: `ModelError` when the model does not generate, or the text grows too long for it.
  public func greedyTokens(
    after text: String, count: Int, stopsAtEnd: Bool = true
  ) throws -> [Int] {
    guard configuration.kind == .decoder else {
      throw ModelError(
        .badModel, "\(name) is an encoder and does not generate; name a decoder with --model")
    }
    var ids = try tokenizer.encode(text).ids
    let start = ids.count
    guard start + count - 1 <= configuration.maximumTokens else {
      throw ModelError(
        .badText,
        "\(start) tokens and \(count) new ones are more than the \(configuration.maximumTokens) that the model takes"
      )
    }
    for _ in 0..<count {
      var pass = Pass(recording: .nothing, logits: .last)
      guard let logits = try transformer(ids, &pass) else { break }
      ids.append(logits.indexOfLargest)
      if stopsAtEnd, endTokens.contains(logits.indexOfLargest) { break }
    }
    return Array(ids[start...])
  }
}

extension Tensor {
  /// The place of the largest number; the first one of equals.
  fileprivate var indexOfLargest: Int {
    withNumbers { numbers in
      numbers.indices.reduce(0) { numbers[$1] > numbers[$0] ? $1 : $0 }
    }
  }
}
