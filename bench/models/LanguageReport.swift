import Files
import Foundation
import Tensors
import Tokenization
import Training
import Transformers

/// How well tiny-gpt and tiny-bert know text that they have not read.
struct LanguageReport {
  let decoder: Model
  let encoder: Model
  let texts: Texts
  let held: [[Int]]
  let train: [[Int]]
  let ends: (before: Int, after: Int)

  init(models: String, texts: Texts) throws {
    decoder = try Model(folder: models + "/tiny-gpt", name: "tiny-gpt")
    encoder = try Model(folder: models + "/tiny-bert", name: "tiny-bert")
    guard let before = decoder.tokenizer.id("[CLS]"), let after = decoder.tokenizer.id("[SEP]"),
      encoder.tokenizer.id("[CLS]") == before, encoder.tokenizer.id("[SEP]") == after
    else { throw FileError(.badData, models, "the models do not share their tokens") }
    self.texts = texts
    ends = (before, after)
    held = try Self.tokens(texts.lines("wordnet-held.txt"), decoder.tokenizer, after)
      .filter { [room = decoder.configuration.maximumTokens] in $0.count < room }
    train = try Self.tokens(texts.lines("wordnet-train.txt"), decoder.tokenizer, after)
  }

  private static func tokens(
    _ lines: [String], _ tokenizer: Tokenizer, _ after: Int
  ) throws -> [[Int]] {
    try lines.map { try tokenizer.encode($0, addSpecialTokens: false).ids + [after] }
  }

  // MARK: perplexity

  func perplexities() throws -> [String] {
    var table = Table(
      "Perplexity",
      ["text", "predictor", "a token", "a word", "bits a byte", "tokens", "words"])
    let rivals = (1...4).map {
      ($0, KneserNey(order: $0, texts: train, before: ends.before, vocabulary: vocabulary))
    }
    for (name, file) in [
      ("WordNet, held out", "wordnet-held.txt"), ("King James Bible", "kjv.txt"),
    ] {
      let sample = try self.sample(file)
      table.add(name, "tiny-gpt", sample, try surprise(of: sample.tokens))
      for (order, rival) in rivals {
        let sum = sample.tokens.reduce(0) { $0 + rival.surprises(of: $1).reduce(0, +) }
        table.add(name, Self.names[order - 1], sample, sum)
      }
      table.add(name, "chance", sample, log(Double(vocabulary)) * Double(sample.count))
    }
    return table.lines
  }

  private static let names = [
    "single tokens", "bigram, Kneser–Ney", "trigram, Kneser–Ney", "4-gram, Kneser–Ney",
  ]

  var vocabulary: Int { decoder.configuration.vocabulary }

  /// Lines that the model has room for.
  struct Sample {
    var tokens: [[Int]]
    var words: Int
    var bytes: Int
    var count: Int { tokens.reduce(0) { $0 + $1.count } }
  }

  private func sample(_ file: String) throws -> Sample {
    var sample = Sample(tokens: [], words: 0, bytes: 0)
    let lines = try texts.lines(file)
    for (line, tokens) in zip(lines, try Self.tokens(lines, decoder.tokenizer, ends.after))
    where tokens.count <= decoder.configuration.maximumTokens {
      sample.tokens.append(tokens)
      sample.words += line.split(separator: " ").count
      // The line's end counts, for it is predicted too.
      sample.bytes += line.utf8.count + 1
    }
    return sample
  }

  /// The sum of −ln p of tiny-gpt, every line by itself.
  private func surprise(of lines: [[Int]]) throws -> Double {
    try lines.sorted { $0.count < $1.count }.runs(of: 16).reduce(0) { sum, run in
      let examples = run.map { Example(next: [ends.before] + $0) }
      let surprises = try decoder.transformer.surprises(of: examples)
      return sum + (surprises?.numbers ?? []).reduce(0) { $0 + Double($1) }
    }
  }

  // MARK: hidden tokens

  func hiddenTokens() throws -> [String] {
    var table = Table(
      "One hidden token of every held-out line", ["predictor", "right", "among the first five"])
    let places = held.enumerated().map { line, tokens in
      // Any but the one that ends the line; which one depends on the line's number alone.
      Int(SplitMix64.number(line) % UInt64(tokens.count - 1))
    }
    guard let mask = encoder.tokenizer.id("[MASK]") else { return [] }
    var (hidden, left) = (Hits(), Hits())
    for run in Array(held.indices).runs(of: 16) {
      let answers = run.map { held[$0][places[$0]] }
      let masked = run.map { line -> [Int] in
        var tokens = held[line]
        tokens[places[line]] = mask
        return [ends.before] + tokens
      }
      try hidden.add(encoder, masked, run.map { places[$0] + 1 }, answers)
      let prefixes = run.map { [ends.before] + held[$0].prefix(places[$0]) }
      try left.add(decoder, prefixes, run.map { places[$0] }, answers)
    }
    let answers = zip(held, places).map { $0[$1] }
    table.add(["tiny-bert, from both sides", hidden.first.percent, hidden.five.percent])
    table.add(["tiny-gpt, from what stands before", left.first.percent, left.five.percent])
    let usual = usualTokens()
    table.add([
      "the most frequent tokens", Self.share(answers, usual.prefix(1)).percent,
      Self.share(answers, usual.prefix(5)).percent,
    ])
    table.add([
      "chance", (1 / Double(vocabulary)).percent, (5 / Double(vocabulary)).percent,
    ])
    return table.lines + ["", "\(held.count) lines."]
  }

  /// Tokens, the most frequent first.
  private func usualTokens() -> [Int] {
    var counts = Array(repeating: 0, count: vocabulary)
    for token in train.joined() where token != ends.after { counts[token] += 1 }
    return counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
  }

  private static func share(_ answers: [Int], _ guesses: ArraySlice<Int>) -> Double {
    Double(answers.filter(guesses.contains).count) / Double(answers.count)
  }
}

/// How often the right token was the first, or among the first five.
struct Hits {
  private var counts = (first: 0, five: 0, all: 0)

  var first: Double { Double(counts.first) / Double(max(1, counts.all)) }
  var five: Double { Double(counts.five) / Double(max(1, counts.all)) }

  mutating func add(
    _ model: Model, _ texts: [[Int]], _ places: [Int], _ answers: [Int]
  ) throws {
    let width = texts.reduce(0) { max($0, $1.count) }
    let rows = places.enumerated().map { $0 * width + $1 }
    var pass = Pass(recording: .nothing, logits: .some(rows))
    guard let logits = try model.transformer(texts: texts, &pass) else { return }
    for (row, answer) in answers.enumerated() {
      let own = logits[row, answer]
      let better = (0..<logits.width).reduce(0) { $0 + (logits[row, $1] > own ? 1 : 0) }
      counts.first += better == 0 ? 1 : 0
      counts.five += better < 5 ? 1 : 0
      counts.all += 1
    }
  }
}

extension SplitMix64 {
  /// A number that is as good as drawn, for the nth of something.
  static func number(_ n: Int) -> UInt64 {
    var random = SplitMix64(state: UInt64(n))
    return random.next()
  }
}

extension Table {
  fileprivate mutating func add(
    _ text: String, _ predictor: String, _ sample: LanguageReport.Sample, _ nats: Double
  ) {
    add([
      text, predictor, exp(nats / Double(sample.count)).digits(1),
      exp(nats / Double(sample.words)).digits(0), (nats / log(2) / Double(sample.bytes)).digits(2),
      String(sample.count), String(sample.words),
    ])
  }
}
