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
}
