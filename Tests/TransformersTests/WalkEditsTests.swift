import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// A run with edits is a run: what was not touched follows from what was.
@Suite struct WalkEditsTests {
  static let text = "The cat sat on the mat."

  private func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  private func run(_ model: Model, _ edits: WalkEdits, _ text: String = text) throws -> Run {
    try model.run(text, edits: edits, recording: .everything, target: .greedy(count: 6))
  }

  @Test(arguments: ["bert", "gpt2", "llama", "letters"])
  func withoutEditsTheRunIsTheModelsOwn(name: String) throws {
    let model = try model(name)
    let text = name == "letters" ? "bad head" : Self.text
    let (own, edited) = (
      try model.run(text, target: .greedy(count: 6)), try run(model, WalkEdits(), text)
    )
    #expect(WalkEdits().isEmpty && own.trace.tensors == edited.trace.tensors)
    #expect(own.text == edited.text && own.encoding == edited.encoding)
  }

  /// What attention gives without a head is what the other heads bring through W_O.
  @Test(arguments: ["bert", "gpt2", "llama"])
  func aHeadThatIsOffBringsNothing(name: String) throws {
    let model = try model(name)
    let (own, edited) = (
      try model.run(Self.text), try run(model, WalkEdits(off: [.init(0, 1), .init(1, 0)]))
    )
    let transformer = model.transformer
    let heads = model.configuration.heads
    let context = try #require(own.trace[.context, layer: 0])
    let output = try #require(edited.trace[.attentionOutput, layer: 0])
    let bias = transformer.outputBias(layer: 0)?.numbers
    for token in 0..<own.count {
      var sum = (0..<output.width).map { Double(bias?[$0] ?? 0) }
      for head in 0..<heads where head != 1 {
        let matrix = transformer.outputProjection(layer: 0, head: head)
        let z = context.slice(head).rows(token..<token + 1).numbers.map(Double.init)
        for d in sum.indices {
          sum[d] += zip(z, matrix.row(d).numbers).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
      }
      let found = output.rows(token..<token + 1).numbers
      for d in sum.indices { #expect(abs(Double(found[d]) - sum[d]) < 1e-4) }
    }
    #expect(try #require(edited.trace[.context, layer: 1, head: 0]).numbers.allSatisfy { $0 == 0 })
    #expect(edited.trace[.weights, layer: 0] == own.trace[.weights, layer: 0])
    #expect(edited.trace[.output, layer: 1] != own.trace[.output, layer: 1])
  }

  @Test func headsOfEveryAttentionOfAnEncoderDecoder() throws {
    let model = try model("letters")
    for stack in [Site.Stack.encoder, .decoder, .cross] {
      let edited = try run(model, WalkEdits(off: [.init(0, 1, of: stack)]), "bad head")
      for other in [Site.Stack.encoder, .decoder, .cross] {
        let context = try #require(edited.trace[.context, layer: 0, head: 1, of: other])
        #expect(context.numbers.allSatisfy { $0 == 0 } == (other == stack))
      }
    }
  }

  @Test func aTemperatureIsThatOfThePass() throws {
    let model = try model("bert")
    let tau = AttentionTemperature(0.4)
    let edited = try run(model, WalkEdits(attentionTemperature: tau))
    let own = try model.run(Self.text, pass: Pass(attentionTemperature: tau))
    #expect(edited.trace.tensors == own.trace.tensors && edited.attentionTemperature == tau)
  }

  /// The same ids give the same run, however they came to be.
  @Test(arguments: ["bert", "gpt2", "llama"])
  func aReplacedTokenIsAnotherId(name: String) throws {
    let model = try model(name)
    let own = try model.run(Self.text)
    let place = try #require(own.encoding.isSpecial.firstIndex(of: false)) + 1
    let id = own.ids[place + 1]
    let edited = try run(model, WalkEdits(replaced: [place: id]))
    var ids = own.encoding.ids
    ids[place] = id
    #expect(edited.encoding.ids == ids)
    var pass = Pass()
    try model.transformer(ids, types: own.encoding.typeIDs, &pass)
    #expect(pass.trace.tensors == edited.trace.tensors)
    // Words, places and ids stay together.
    #expect(edited.tokens[place].raw == own.tokens[place + 1].raw)
    let scalars = Array(edited.text.unicodeScalars)
    for token in edited.tokens.indices
    where edited.encoding.sequence[token] != nil && token != place {
      let range = edited.encoding.offsets[token]
      #expect(String(String.UnicodeScalarView(scalars[range])) == own.tokens[token].source)
    }
  }

  /// Tokens that follow the text: the run is that of all ids, and says what they say.
  @Test(arguments: ["gpt2", "llama"])
  func appendedTokensFollowTheText(name: String) throws {
    let model = try model(name)
    let own = try run(model, WalkEdits())
    let more = [own.ids[2], own.ids[1], own.ids[2]]
    let edited = try run(model, WalkEdits(appended: more))
    #expect(edited.ids == own.ids + more && edited.tokens.count == own.count + 3)
    var pass = Pass(recording: .everything)
    _ = try model.transformer(own.ids + more, &pass)
    #expect(pass.trace.tensors == edited.trace.tensors)
    // A decoder's tokens never see those that follow.
    let (before, after) = (
      try #require(own.trace[.output, layer: 1]), try #require(edited.trace[.output, layer: 1])
    )
    let size = before.numbers.reduce(1) { max($0, $1.magnitude) }
    for token in 0..<own.count {
      for (a, b) in zip(before.slice(token).numbers, after.slice(token).numbers) {
        #expect(abs(a - b) < 1e-5 * size)
      }
    }
    // The words of the new tokens are the text's end, and every token has its place in it.
    #expect(edited.text.hasPrefix(Self.text) && edited.text.count > Self.text.count)
    let scalars = Array(edited.text.unicodeScalars)
    #expect(edited.encoding.offsets.last?.upperBound == scalars.count)
    for (token, same) in zip(own.count..<own.count + 3, [2, 1, 2]) {
      #expect(edited.tokens[token].raw == own.tokens[same].raw)
    }
    #expect(WalkEdits(appended: more).isEmpty)
    #expect(WalkEdits(off: [.init(0, 0)], appended: more).own == WalkEdits(appended: more))
  }

  @Test func onlyDecodersContinueAndOnlyWithEntriesThatAreThere() throws {
    for (name, edits) in [
      ("bert", WalkEdits(appended: [5])), ("letters", WalkEdits(appended: [5])),
      ("gpt2", WalkEdits(appended: [-1])), ("gpt2", WalkEdits(appended: [1 << 40])),
    ] {
      let error = #expect(throws: ModelError.self) {
        try run(try model(name), edits, name == "letters" ? "bad" : Self.text)
      }
      #expect(error?.kind == .noSuchPlace)
    }
  }

  @Test func whatIsNotThereIsRefused() throws {
    let model = try model("gpt2")
    for edits in [
      WalkEdits(off: [.init(9, 0)]), WalkEdits(off: [.init(0, 99)]),
      WalkEdits(off: [.init(0, 0, of: .cross)]), WalkEdits(replaced: [99: 3]),
    ] {
      let error = #expect(throws: ModelError.self) { try run(model, edits) }
      #expect(error?.kind == .noSuchPlace)
    }
    let bert = try self.model("bert")
    let special = #expect(throws: ModelError.self) { try run(bert, WalkEdits(replaced: [0: 5])) }
    #expect(special?.description.contains("which the tokenizer added") == true)
    let letters = try self.model("letters")
    let head = #expect(throws: ModelError.self) {
      try run(letters, WalkEdits(off: [.init(0, 0)]), "bad")
    }
    #expect(head?.description.contains("cross.L0H0") == true)
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func replacementsAreFoundInTheVocabulary(name: String) throws {
    let model = try model(name)
    let encoding = try model.tokenizer.encode(Self.text)
    let places = encoding.ids.indices.filter { encoding.sequence[$0] != nil }
    for place in places {
      let raw = encoding.tokens[place]
      let word = raw.filter { !"Ġ▁#".contains($0) }
      guard !word.isEmpty else { continue }
      #expect(try model.replacement(word, of: raw) == encoding.ids[place], "\(raw)")
    }
    #expect(try model.replacement("#5", of: "x") == 5)
    for word in ["#99999999", "zzqzzq zzqzz", ""] {
      #expect(throws: ModelError.self) { try model.replacement(word, of: "x") }
    }
  }
}
