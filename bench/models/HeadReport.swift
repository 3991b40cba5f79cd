import Analysis
import Foundation
import Tensors
import Tokenization
import Transformers

/// What every head does, measured on many texts.
struct HeadReport {
  /// A pattern with the name that it is reported under.
  typealias Named = (name: String, pattern: HeadPattern)

  private let patterns: [Named]
  private var shares: [[HeadPattern.Share]] = []
  private let heads: Int

  private init(_ patterns: [Named], layers: Int, heads: Int) {
    self.patterns = patterns
    self.heads = heads
    shares = Array(
      repeating: Array(repeating: .init(), count: patterns.count), count: layers * heads)
  }

  private mutating func add(
    _ trace: Trace, _ stack: Site.Stack, queries: [Int], keys: [Int], isCausal: Bool
  ) {
    for head in shares.indices {
      guard let weights = trace[.weights, layer: head / heads, head: head % heads, of: stack]
      else { continue }
      for (index, pattern) in patterns.enumerated() {
        pattern.pattern.measure(
          weights, queries: queries, keys: keys, isCausal: isCausal, into: &shares[head][index])
      }
    }
  }

  /// The best head of every pattern, and then all heads.
  private func lines(_ title: String) -> [String] {
    var best = Table(title + ": the best head", ["pattern", "head", "weight", "all alike"])
    var all = Table(title + ": every head", ["head"] + patterns.map(\.name))
    for (index, pattern) in patterns.enumerated()
    where shares.contains(where: { $0[index].queries > 0 }) {
      guard
        let head = shares.indices.max(by: {
          shares[$0][index].measured < shares[$1][index].measured
        })
      else { continue }
      let share = shares[head][index]
      best.add([pattern.name, name(head), share.measured.digits(3), share.even.digits(3)])
    }
    for head in shares.indices {
      all.add([name(head)] + shares[head].map { $0.measured.digits(2) })
    }
    return best.lines + all.lines
  }

  /// The layer and the head as the figures name them.
  private func name(_ head: Int) -> String { "L\(head / heads)H\(head % heads)" }

  // MARK: the models

  static func ofLanguageModels(_ language: LanguageReport) throws -> [String] {
    try [language.decoder, language.encoder].flatMap { model in
      let tokenizer = model.tokenizer
      let punctuation = Set([",", ";", ":", ".", "(", ")"].compactMap(tokenizer.id))
      // Four lines each, so that what separates them is in sight.
      let lines = language.held.runs(of: 4).map { [language.ends.before] + $0.joined() }
        .filter { $0.count <= model.configuration.maximumTokens }.prefix(400)
      let common: [Named] = [
        ("previous token", .previous), ("next token", .next), ("itself", .itself),
        ("first token", .first), ("[SEP]", .among([language.ends.after])),
        ("punctuation", .among(punctuation)), ("same token", .same),
      ]
      let sentences = try report(common, model, lines)
      let random = repetitions(tokenizer, language.ends.before)
      let repeated = try report([("same token", .same), ("induction", .induction)], model, random)
      return sentences.lines("\(model.name), 400 texts of four held-out lines")
        + repeated.lines("\(model.name), 30 random tokens twice")
        + (model.configuration.kind == .decoder ? try copying(model, random) : [])
    }
  }

  private static func report(
    _ patterns: [Named], _ model: Model, _ texts: some Sequence<[Int]>
  ) throws -> HeadReport {
    let shape = model.configuration
    var report = HeadReport(patterns, layers: shape.layers, heads: shape.heads)
    for ids in texts {
      var pass = Pass(recording: Recording([.weights]), logits: .none)
      try model.transformer(ids, &pass)
      report.add(
        pass.trace, .sole, queries: ids, keys: ids, isCausal: shape.kind == .decoder)
    }
    return report
  }

  /// Texts of 30 different tokens, drawn by chance, that come twice.
  private static func repetitions(_ tokenizer: Tokenizer, _ before: Int) -> [[Int]] {
    (0..<50).map { text in
      var random = RandomNumbers(seed: UInt64(text))
      var tokens: [Int] = []
      while tokens.count < 30 {
        // Whole words and parts of them; single bytes come first.
        let token = 261 + Int(random.next() % UInt64(tokenizer.vocabularySize - 261))
        if !tokens.contains(token) { tokens.append(token) }
      }
      return [before] + tokens + tokens
    }
  }

  /// How much easier the second time is.
  private static func copying(_ model: Model, _ texts: [[Int]]) throws -> [String] {
    var (sums, hits) = ([0.0, 0.0], [0, 0])
    for ids in texts {
      var pass = Pass(recording: .nothing, logits: .all)
      guard let logits = try model.transformer(ids, &pass) else { continue }
      let probabilities = logits.softmax()
      // The first token of the second copy is as hard as any.
      for row in 1..<ids.count - 1 where row != 30 {
        let half = row > 30 ? 1 : 0
        sums[half] -= Double(log(probabilities[row, ids[row + 1]]))
        let own = logits[row, ids[row + 1]]
        hits[half] += (0..<logits.width).contains { logits[row, $0] > own } ? 0 : 1
      }
    }
    let count = Double(29 * texts.count)
    return [
      "",
      "Surprise of random tokens: \((sums[0] / count).digits(2)) nats the first time, "
        + "\((sums[1] / count).digits(2)) the second; right \((Double(hits[0]) / count).percent) "
        + "and \((Double(hits[1]) / count).percent).",
    ]
  }

  static func ofSpeller(_ spelling: SpellingReport) throws -> [String] {
    let model = spelling.model
    let shape = model.configuration
    let own: [Named] = [
      ("previous", .previous), ("next", .next), ("itself", .itself), ("first", .first),
      ("same", .same),
    ]
    var encoder = HeadReport(
      own, layers: shape.shape(of: .encoder).layers, heads: shape.shape(of: .encoder).heads)
    var decoder = HeadReport(own, layers: shape.layers, heads: shape.heads)
    var cross = HeadReport(
      [("aligned", .aligned), ("first letter", .first), ("end", .among([1]))],
      layers: shape.layers, heads: shape.heads)
    for pair in spelling.held.prefix(400) {
      let run = try model.run(pair.source, pass: Pass(recording: Recording([.weights])))
      guard let target = run.target?.encoding.ids else { continue }
      let source = run.encoding.ids
      encoder.add(run.trace, .encoder, queries: source, keys: source, isCausal: false)
      decoder.add(run.trace, .decoder, queries: target, keys: target, isCausal: true)
      cross.add(run.trace, .cross, queries: target, keys: source, isCausal: false)
    }
    return encoder.lines("tiny-speller's encoder, 400 held-out words")
      + decoder.lines("tiny-speller's decoder, 400 held-out words")
      + cross.lines("tiny-speller's look at the letters, 400 held-out words")
  }
}
