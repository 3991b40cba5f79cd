import Explanations
import Files
import TestSupport
import Testing
import Tokenization
import Transformers

/// What the story says of scores, windows and norms is what the family does.
@Suite struct FamilyWordsTests {
  func story(_ model: Model) throws -> String {
    let run = try model.run("The cat didn't cross the river.")
    let naming: @Sendable (Int) -> DisplayToken = { [tokenizer = model.tokenizer] in
      tokenizer.display(id: $0)
    }
    let explanation = try Explanation(of: run, by: model.transformer, naming: naming)
    return explanation.sentences.map(\.text).joined(separator: "\n")
  }

  /// The committed Llama with a window is a Mistral.
  @Test func windowsAreNamed() throws {
    let source = Fixtures.folder + "/models/llama"
    try withTemporaryFolder { folder in
      var members = try #require(try Fixtures.json(source + "/config.json").members)
      members.removeAll {
        ["model_type", "pretraining_tp", "attention_bias", "mlp_bias"].contains($0.key)
      }
      members += [JSON.Member("model_type", "mistral"), JSON.Member("sliding_window", 3)]
      try writeFile(folder + "/config.json", JSON.object(members).text())
      for file in ["model.safetensors", "tokenizer.json"] {
        try writeFile(folder + "/" + file, try readFile(source + "/" + file))
      }
      let story = try story(Model(folder: folder, name: "m"))
      #expect(story.contains(", and what stands 3 or more tokens before it, is masked"))
      #expect(story.contains("which stands for the token;"))
    }
    let whole = try story(Model(folder: source, name: "m"))
    #expect(whole.contains("is masked") && !whole.contains("or more tokens before it"))
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: [
      ("gemma2", ["softly kept within ±3.00, this is the score", "W_O and normalised"]),
      ("mpnet", ["Divided by √8 = 2.83, with a bias for the distance, this is"]),
      ("gpt_neo", ["This is the score α", "which stands for the token and its position"]),
      ("bert", ["Divided by √8 = 2.83 this is the score", "All tokens may be looked at"]),
    ])
  func scoresAreTold(name: String, words: [String]) throws {
    let root = try #require(Fixtures.parity)
    let story = try story(Model(folder: root + "/models/" + name, name: name))
    for phrase in words {
      #expect(story.contains(phrase), "\(name): \(phrase)")
    }
  }
}
