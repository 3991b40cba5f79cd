import Files
import TensorFiles
import Tensors
import TestSupport
import Testing

/// The program with an encoder–decoder: letters in, sounds out.
@Suite struct EncoderDecoderTests {
  static let model = Program.model("letters")

  private func expected() throws -> (word: String, target: [Int], text: String) {
    let json = try Fixtures.json(Fixtures.folder + "/characters/expected.json")
    return (
      try #require(json["word"]?.string),
      try #require(json["target"]?.elements).compactMap(\.integer),
      try #require(json["text"]?.string)
    )
  }

  @Test func generatesTheTarget() throws {
    let (word, target, text) = try expected()
    let call = ["generate", "--model", Self.model, "--greedy", word]
    let plain = try Program.run(call)
    #expect(plain.code == 0 && plain.out == text + "\n" && plain.error.isEmpty)
    let json = try JSON(parsing: Array(Program.run(call + ["--json"]).out.utf8), path: "out")
    #expect(json["ids"] == .array(target.map(JSON.integer)))
    #expect(json["prompt"]?["ids"] == [1])
    #expect(json["source"]?["tokens"]?.elements?.count == word.unicodeScalars.count + 2)
    #expect(json["stopped"] == ["reason": "end_token", "id": 2])
    let on = try JSON(
      parsing: Array(
        Program.run(call + ["--json", "--ignore-eos", "--max-new-tokens", "12"]).out.utf8),
      path: "out")
    #expect(on["ids"]?.elements?.count == 12)
    #expect(on["ids"]?.elements?.prefix(target.count).map(\.integer) == target.map(Optional.init))
  }

  @Test func tracesBothStacks() throws {
    let (word, target, _) = try expected()
    try withTemporaryFolder { folder in
      let file = folder + "/trace.safetensors"
      let call = ["trace", "--model", Self.model, word, "-q", "-o", file]
      #expect(try Program.run(call).code == 0)
      let toTheEnd = try SafeTensors(file)
      #expect(toTheEnd.integers("decoder_ids") == [1] + target.dropLast())
      #expect(try Program.run(call + ["--max-new-tokens", "9"]).code == 0)
      let trace = try SafeTensors(file)
      let n = word.unicodeScalars.count + 2
      #expect(trace.integers("ids")?.count == n && trace.integers("decoder_ids")?.count == 9)
      let weights = try trace.tensor("decoder.layers.1.cross_attention.weights")
      #expect(weights?.shape == [2, 9, n])
      #expect(try trace.tensor("encoder.layers.0.attention.weights")?.shape == [2, n, n])
    }
  }

  @Test func refusesTargetTokensOfOtherModels() throws {
    let result = try Program.run([
      "trace", "--model", Program.model("gpt2"), "--max-new-tokens", "3", "-o", "-", "a",
    ])
    #expect(result.code == 64 && result.error.contains("encoder–decoders"))
    let none = try Program.run([
      "trace", "--model", Self.model, "--max-new-tokens", "0", "-o", "-", "a",
    ])
    #expect(none.code == 64)
  }

  @Test func saysWhatTheModelIs() throws {
    let info = try Program.run(["models", "info", Self.model])
    #expect(info.out.contains("bart, seq2seq"))
    #expect(info.out.contains("1 in the encoder, 2 in the decoder"))
    let json = try JSON(
      parsing: Array(Program.run(["models", "info", Self.model, "--json"]).out.utf8), path: "out")
    #expect(json["encoder"]?["layers"] == 1 && json["layers"] == 2)
  }

  @Test(arguments: [
    ["translation"], ["translation", "--layer", "0", "--head", "1"], ["heatmap"],
    ["heatmap", "--stack", "encoder", "--of", "k"], ["gallery", "--stack", "decoder"],
    ["ribbon", "--greedy"], ["ribbon", "--layer", "L1H0", "--seed", "3"], ["surprise"],
    ["tempering", "--at", "L1H1", "--stack", "cross"], ["entropy", "--row", "2"],
    ["residual"], ["arcs"], ["arcs", "--stack", "encoder"], ["asymmetry"],
    ["product", "--stack", "encoder"], ["scaling", "--stack", "encoder"], ["masks"],
    ["masks", "--stack", "encoder"], ["distance", "--stack", "encoder"], ["distance"],
  ])
  func drawsItsFigures(arguments: [String]) throws {
    let word = try expected().word
    let call = ["draw"] + arguments + ["--model", Self.model, "-o", "-", "--format", "svg", word]
    let result = try Program.run(call)
    #expect(result.code == 0 && result.out.hasPrefix("<svg") || result.out.hasPrefix("<?xml"))
    #expect(result.out.contains("target_tokens"), "\(result.error)")
  }

  @Test(arguments: [
    (["heatmap", "--stack", "cross"], "gpt2"), (["translation"], "gpt2"),
    (["ribbon", "--layer", "0"], "gpt2"),
    (["heatmap", "--stack", "encoder", "--layer", "1"], "letters"),
    (["heatmap", "--layer", "2"], "letters"), (["gallery", "--stack", "both"], "letters"),
    (["surprise", "--stack", "cross"], "letters"), (["residual", "--stack", "decoder"], "letters"),
    (["arcs", "--stack", "cross"], "letters"), (["neighbours"], "letters"),
    (["evidence"], "letters"),
    (["heatmap", "--words"], "letters"),
  ])
  func refusesWhatAModelDoesNotHave(arguments: [String], model: String) throws {
    let result = try Program.run(
      ["draw"] + arguments + ["--model", Program.model(model), "-o", "-", "abc"])
    #expect(result.code == 64 && result.out.isEmpty, "\(result.error)")
  }

  @Test func attentionTemperatureActsInAllThree() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/trace.safetensors"
      let result = try Program.run([
        "trace", "--model", Self.model, "--attention-tau", "inf", "--max-new-tokens", "4", "-q",
        "-o", file, "abc",
      ])
      #expect(result.code == 0)
      let trace = try SafeTensors(file)
      for name in ["encoder.layers.0.attention", "decoder.layers.1.cross_attention"] {
        let weights = try #require(try trace.tensor(name + ".weights"))
        #expect(weights.numbers.allSatisfy { $0 == 0.2 })
      }
      let own = try #require(try trace.tensor("decoder.layers.1.attention.weights"))
      #expect(own[1, 3, 0] == 0.25)
    }
  }

  @Test func explains() throws {
    try withTemporaryFolder { folder in
      let result = try Program.run([
        "explain", "--model", Self.model, "-o", folder + "/told", "--color", "never", "a bad head",
      ])
      #expect(result.code == 0 && result.out.contains("of the cross-attention"))
      #expect(result.out.contains("columns are the source tokens by number"))
      let json = try Fixtures.json(folder + "/told/explanation.json")
      #expect(json["run"]?["kind"] == "seq2seq")
      let figures = try namesInFolder(folder + "/told/figures")
      for name in ["translation.svg", "ribbon.png"] { #expect(figures.contains(name)) }
    }
  }

  /// The distribution of the token after the target that was written.
  @Test func temperatureIsThatOfTheTarget() throws {
    let result = try Program.run(["temperature", "--model", Self.model, "--json", "abc"])
    #expect(result.code == 0)
    let json = try JSON(parsing: Array(result.out.utf8), path: "out")
    #expect(json["tokens"]?.elements?.isEmpty == false)
  }
}
