import Explanations
import Testing
import Transformers

/// What a station is called is what the family does there.
@Suite struct WalkWordsTests {
  private func page(_ name: String, _ kind: Station.Kind, token: Int = 3) throws -> StationPage {
    let walk = try WalkSamples.walk(name)
    let stack = walk.run.configuration.stacks.contains(.decoder) ? Site.Stack.decoder : .sole
    let station = Station(kind, layer: kind.isInLayer ? 1 : nil, of: stack)
    return try walk.page(of: station, focus: Focus(head: 1, token: token))
  }

  @Test(arguments: [
    ("bert", "Add & Norm"), ("gpt2", "Add"), ("llama", "Add"), ("families/gemma2", "Add"),
    ("seq2seq/vaswani", "Add & Norm"), ("seq2seq/vaswani_norm_first", "Add"),
  ])
  func normsAreWhereTheyAre(name: String, title: String) throws {
    #expect(try page(name, .addAttention).title == title)
  }

  @Test func normsInsideAndParallelBlocks() throws {
    #expect(try page("families/olmo2", .projected).title.hasSuffix("& Norm"))
    #expect(try page("families/gemma2", .projected).title.hasSuffix("& Norm"))
    let beside = try page("families/gpt_neox", .feedForward)
    #expect(beside.title.contains("beside attention"))
    #expect(!(try page("families/gpt_neox_in_turn", .feedForward)).title.contains("beside"))
    #expect(try page("families/gpt_neox", .addAttention).happens.contains("does not see the sum"))
  }

  @Test(arguments: [
    ("bert", "Divided by √d_k"), ("seq2seq/t5", "Not divided, with the distance"),
    ("families/gpt_neo", "Not divided"), ("families/mpnet", "Divided by √d_k, with the distance"),
  ])
  func scalesAreTold(name: String, title: String) throws {
    #expect(try page(name, .scaled).title == title)
  }

  @Test func capsRotationsAndGroupsAreTold() throws {
    let gemma = try page("families/gemma2", .scaled)
    #expect(gemma.title.hasSuffix("capped") && gemma.formula.contains { $0.contains("tanh") })
    #expect(try page("llama", .queries).happens.contains("turned by its position"))
    #expect(!(try page("llama", .values)).happens.contains("turned"))
    #expect(!(try page("gpt2", .queries)).happens.contains("turned"))
    #expect(try page("llama", .queries).formula.contains { $0.hasPrefix("x̂₃ = RMS(x₃)") })
    #expect(try page("families/qwen3", .keys).formula.contains { $0.contains("R(RMS(y₃))") })
    #expect(try page("families/mistral", .keys).happens.contains("query heads share these"))
    #expect(try page("gpt2", .embedding).title == "Embedding + positions")
    #expect(try page("llama", .embedding).title == "Embedding")
  }

  @Test func masksAreTold() throws {
    #expect(try page("bert", .masked).title == "No mask")
    let causal = try page("gpt2", .masked, token: 2)
    #expect(causal.title == "Mask" && causal.formula[1].contains("may look at tokens 0 to 2"))
    let window = try page("families/mistral", .masked, token: 12)
    #expect(window.formula[0].contains("< j ≤ i"), "\(window.formula)")
  }

  @Test func tokensBesideOneAnotherAreTold() throws {
    let walk = try WalkSamples.walk("bert")
    let same = try walk.page(of: Station(.embedding), focus: Focus(token: 1)).lookFor
    #expect(same.contains("are the same entry"), "\(same)")
  }
}
