import Explanations
import Files
import Foundation
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// The story of a run must follow from its numbers, whatever they are.
@Suite struct ExplainerTests {
  static let models = ["bert", "bert_base_model", "distilbert", "roberta", "gpt2", "llama"]
  /// With an encoder–decoder.
  static let allModels = models + ["letters"]
  static let texts = [
    "The cat didn't cross the river.", "a", "Café 猫は 👍🏽 été",
    "He lights the lamp. <b>&\"x\"</b> `*|`",
    "one two three four five six", "a a a a", "why? because! so, then; and: yes (no)",
  ]

  static func explain(_ name: String, _ text: String) throws -> (Explanation, Run) {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    let naming: @Sendable (Int) -> DisplayToken = { [tokenizer = model.targetTokenizer] in
      tokenizer.display(id: $0)
    }
    if model.configuration.kind == .seq2seq {
      let told = try told(model, text, naming)
      let explanation = try Explanation(
        of: told.run, by: model.transformer, continuation: told, naming: naming)
      return (explanation, told.run)
    }
    var run = try model.run(text)
    var continuation: ToldGeneration?
    if model.configuration.kind == .decoder {
      try run.recordNextToken(at: [0, 0.5, 1, 2, .infinity])
      var pass = Pass(recording: .nothing, logits: .last)
      let generation = try model.generate(after: run.encoding.ids, .greedy(count: 4), &pass)
      let whole = model.run(of: generation, after: run.encoding, text: text, pass)
      continuation = ToldGeneration(
        generation, run: whole, prompt: text, written: model.tokenizer.decode(generation.ids),
        naming: naming)
    }
    let explanation = try Explanation(
      of: run, by: model.transformer, continuation: continuation, naming: naming)
    return (explanation, run)
  }

  /// A source, its target, and how it was written.
  static func told(
    _ model: Model, _ text: String, _ naming: @escaping @Sendable (Int) -> DisplayToken
  ) throws -> ToldGeneration {
    var pass = Pass()
    let encoding = try model.tokenizer.encode(text)
    let generation = try model.target(of: encoding, .greedy(count: 12), &pass)
    let run = model.run(of: generation, after: encoding, text: text, pass)
    let head = try HeadChoice(layer: nil, head: nil, run.part(.cross), model.transformer)
    return ToldGeneration(
      generation, run: run, prompt: text, written: model.targetTokenizer.decode(generation.ids),
      head: head, naming: naming)
  }

  @Test(arguments: allModels, texts)
  func everySentenceCitesTheTrace(name: String, text: String) throws {
    let (explanation, run) = try Self.explain(name, text)
    let tensors = Dictionary(
      uniqueKeysWithValues: run.trace.tensors.map { ($0.key.description, $0.value) })
    #expect(!explanation.sentences.isEmpty)
    for sentence in explanation.sentences {
      #expect(!sentence.quotes.isEmpty, "\(sentence.text)")
      for quote in sentence.quotes {
        let value = try evaluate(quote.description, tensors)
        #expect(abs(value - quote.value) <= 1e-9 + 1e-6 * abs(value), "\(quote)")
      }
    }
  }

  /// Every printed number is the cited one, rounded: within half a unit of its last digit.
  @Test(arguments: allModels, texts)
  func printedNumbersAreTheCitedOnes(name: String, text: String) throws {
    let (explanation, _) = try Self.explain(name, text)
    var count = 0
    for case .number(let printed, let quote) in explanation.sentences.flatMap(\.pieces) {
      count += 1
      if printed.hasPrefix("under ") || printed.hasPrefix("over ") || printed.hasPrefix("<")
        || printed.hasPrefix(">")
      {
        #expect(quote.value != 0 && quote.value != 1)
        continue
      }
      let isPercent = printed.hasSuffix(" %")
      let plain = printed.replacingOccurrences(of: "−", with: "-")
        .replacingOccurrences(of: " %", with: "").replacingOccurrences(of: ",", with: "")
      let number = try #require(Double(plain), "\(printed)")
      let unit = isPercent ? 0.01 : 0.01
      let value = isPercent ? number / 100 : number
      #expect(abs(value - quote.value) <= unit * 0.5001 || value == 0.99, "\(printed) for \(quote)")
    }
    #expect(count > 0)
  }

  @Test(arguments: models)
  func decodersGoOn(name: String) throws {
    let (explanation, run) = try Self.explain(name, Self.texts[0])
    let drawn = explanation.figures.map(\.name)
    let isDecoder = run.configuration.kind == .decoder
    #expect(drawn.contains("tempering") == isDecoder)
    #expect(drawn.contains("ribbon") == isDecoder)
    #expect(explanation.figures.contains { $0.told != nil } == isDecoder)
  }

  @Test(arguments: models)
  func differentSentencesGiveDifferentProse(name: String) throws {
    let prose = try Self.texts.map { try Self.explain(name, $0).0.sentences.map(\.text) }
    #expect(Set(prose).count == prose.count)
  }

  /// Words that compare agree with the numbers they stand beside.
  @Test(arguments: allModels)
  func comparisonsAreTrue(name: String) throws {
    for text in Self.texts {
      let (explanation, run) = try Self.explain(name, text)
      for sentence in explanation.sentences {
        try checkRank(sentence, run)
        checkWeightAgainstShare(sentence, run)
        checkAddedAgainstStream(sentence)
      }
    }
  }

  /// "the largest of the row", or how many are larger.
  private func checkRank(_ sentence: Explanation.Sentence, _ run: Run) throws {
    guard sentence.text.contains("gets a ="), let quote = sentence.quotes.last else { return }
    let place = try #require(quote.places.first)
    let map = try #require(run.trace.tensors[place.site])
    let (head, query) = (try #require(place.index[0]), try #require(place.index[1]))
    let row = map.slice(head).slice(query).numbers
    let larger = row.filter { Double($0) > quote.value }.count
    #expect(sentence.text.contains(", the largest of the row") == (larger == 0))
    if larger > 1 { #expect(sentence.text.contains("after \(larger) larger ones")) }
  }

  /// What equally long values would bring is the weight over the number of heads.
  private func checkWeightAgainstShare(_ sentence: Explanation.Sentence, _ run: Run) {
    guard sentence.text.hasPrefix("Look at the value"), let weight = sentence.quotes.first,
      let place = sentence.text.range(of: "this would be "),
      let percent = Double(sentence.text[place.upperBound...].prefix { $0.isNumber })
    else { return }
    #expect(abs(percent / 100 - weight.value / Double(run.configuration.heads)) <= 0.00501)
  }

  private func checkAddedAgainstStream(_ sentence: Explanation.Sentence) {
    guard sentence.text.hasPrefix("Attention adds to what is there"), sentence.quotes.count == 2
    else { return }
    let isSmaller = sentence.quotes[0].value < sentence.quotes[1].value
    #expect(sentence.text.contains("the smaller part") == isSmaller)
    #expect(sentence.text.contains("the larger part") == !isSmaller)
  }

  /// The story is about ordinary tokens, never about [CLS] or a token looking at itself.
  @Test(arguments: models, texts)
  func linksAreBetweenOrdinaryTokens(name: String, text: String) throws {
    let (explanation, run) = try Self.explain(name, text)
    let sinks = explanation.facts["sinks"]?.elements?.compactMap(\.integer) ?? []
    for link in explanation.facts["links"]?.elements ?? [] {
      let query = try #require(link["query"]?.integer)
      let key = try #require(link["key"]?.integer)
      #expect(query != key && !sinks.contains(key))
      #expect(!run.encoding.isSpecial[query] && !run.encoding.isSpecial[key])
      if run.configuration.kind == .decoder { #expect(key < query) }
    }
  }

  @Test func thePageNeedsNothingElse() throws {
    let (explanation, _) = try Self.explain("bert", "<script>alert(1)</script> \u{1B}[31m \" & '")
    let page = explanation.html { _ in "<svg></svg>" }
    #expect(!page.contains("<script"))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains(" src="))
    #expect(!page.unicodeScalars.contains("\u{1B}"))
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("&lt;script&gt;"))
  }

  @Test(arguments: texts)
  func pageAndMarkdownTellTheSame(text: String) throws {
    let (explanation, _) = try Self.explain("bert", text)
    let markdown = explanation.markdown(figuresIn: "figures")
    let page = explanation.html { "[\($0.name)]" }
    for section in explanation.sections {
      #expect(markdown.contains("## \(section.heading)\n"))
      #expect(page.contains("<h2>\(section.heading)</h2>"))
    }
    for drawn in explanation.figures {
      #expect(markdown.contains("(figures/\(drawn.name).svg)"))
      #expect(page.contains("[\(drawn.name)]"))
    }
    for case .number(let printed, let quote) in explanation.sentences.flatMap(\.pieces) {
      #expect(markdown.contains("`\(quote)`"))
      #expect(
        page.contains(
          printed.replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;") + "</data>"))
    }
    #expect(markdown.hasPrefix("# What bert does with"))
  }

  @Test func theJSONHasTheSameSentences() throws {
    let (explanation, _) = try Self.explain("gpt2", "The cat didn't cross the river.")
    let json = try JSON(parsing: Array(explanation.json.text(indented: true).utf8), path: "e.json")
    let texts = (json["sections"]?.elements ?? []).flatMap { $0["blocks"]?.elements ?? [] }
      .flatMap { $0["paragraph"]?.elements ?? [] }.compactMap { $0["text"]?.string }
    #expect(texts == explanation.sentences.map(\.text))
    #expect(json["schema"] == "attnviz.explanation/1")
  }
}

/// Reads a citation as its documentation describes it and computes it anew.
private func evaluate(_ citation: String, _ tensors: [String: Tensor]) throws -> Double {
  guard let open = citation.firstIndex(of: "("), citation.last == ")" else {
    return Double(try numbers(citation, tensors)[0])
  }
  let inside = citation[citation.index(after: open)...].dropLast()
  let places = inside.components(separatedBy: "], ").map { $0.hasSuffix("]") ? $0 : $0 + "]" }
  let vectors = try places.map { try numbers($0, tensors).map(Double.init) }
  switch citation[..<open] {
  case "mean": return vectors[0].reduce(0, +) / Double(vectors[0].count)
  case "max": return vectors[0].max() ?? 0
  case "norm": return vectors[0].map { $0 * $0 }.reduce(0, +).squareRoot()
  case "dot": return zip(vectors[0], vectors[1]).map { $0 * $1 }.reduce(0, +)
  default: throw FileError(.badData, citation, "an unknown reduction")
  }
}

private func numbers(_ place: String, _ tensors: [String: Tensor]) throws -> [Float] {
  let parts = place.dropLast().components(separatedBy: "[")
  let tensor = try #require(tensors[parts[0]], "\(place)")
  var views = [tensor]
  for entry in parts[1].components(separatedBy: ", ") {
    views = views.flatMap { view -> [Tensor] in
      guard let index = Int(entry) else { return (0..<view.shape[0]).map { view.slice($0) } }
      return [view.slice(index)]
    }
  }
  return views.flatMap(\.numbers)
}
