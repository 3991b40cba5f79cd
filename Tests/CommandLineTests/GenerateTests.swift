import Files
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct GenerateTests {
  static let text = "The cat didn't cross the river."

  func generate(_ arguments: [String], model: String = "gpt2") throws -> Program.Result {
    try Program.run(["generate", "--model", Program.model(model)] + arguments + [Self.text])
  }

  func json(_ result: Program.Result) throws -> JSON {
    try JSON(parsing: Array(result.out.utf8), path: "out")
  }

  @Test func greedyIsAsTheReferenceHasIt() throws {
    let path = Program.model("llama") + "/expected.json"
    let expected = try Fixtures.json(path)["cases"]?["plain"]?["greedy"]
    let result = try generate(
      ["--greedy", "--ignore-eos", "--max-new-tokens", "12", "--json"], model: "llama")
    #expect(result.code == 0 && result.error.isEmpty)
    let found = try json(result)
    #expect(found["ids"] == expected?["ids"])
    #expect(found["schema"] == "attnviz.generate/1")
    #expect(found["steps"]?.elements?.count == 12)
    #expect(found["settings"]?["greedy"] == true)
    #expect(found["order"] == ["repetition_penalty", "tau", "top_k", "top_p", "min_p"])
    #expect(found["stopped"] == ["reason": "length"])
  }

  @Test func drawsWithASeed() throws {
    let call = ["--max-new-tokens", "8", "--ignore-eos", "--json", "--top-p", "0.9"]
    let first = try generate(call)
    #expect(first.code == 0 && first.error == "drawing at τ = 1, seed 0\n")
    #expect(try generate(call + ["--seed", "0", "--tau", "1", "--threads", "1"]).out == first.out)
    #expect(try json(generate(call + ["--seed", "1"]))["ids"] != json(first)["ids"])
    let cold = try json(generate(call + ["--temperature", "0", "-q"]))
    let greedy = try json(
      generate(["--max-new-tokens", "8", "--ignore-eos", "--json", "--greedy"]))
    #expect(cold["ids"] == greedy["ids"])
  }

  @Test func anneals() throws {
    let result = try json(
      generate(["--anneal", "linear:2..0", "--max-new-tokens", "5", "--ignore-eos", "--json"]))
    let taus = result["steps"]?.elements?.compactMap { $0["tau"]?.number }
    #expect(taus == [2, 1.5, 1, 0.5, 0])
    #expect(result["settings"]?["tau"]?["schedule"] == "linear")
  }

  @Test func writesTheTextToAFileAsToAPipe() throws {
    try withTemporaryFolder { folder in
      let call = ["--greedy", "--max-new-tokens", "5"]
      let file = folder + "/out.txt"
      #expect(try generate(call + ["-o", file]).code == 0)
      let bytes = try readFile(file)
      #expect(try generate(call).out == String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The trace of the steps against a trace of the same tokens, made at once.
  @Test func tracesTheWholeText() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/t.safetensors"
      let result = try generate(
        ["--greedy", "--ignore-eos", "--max-new-tokens", "6", "--trace", file, "--json"])
      #expect(result.code == 0, "\(result.error)")
      let trace = try SafeTensors(file)
      let ids = try #require(trace.integers("ids"))
      #expect(try ids.suffix(6).map(JSON.integer) == json(result)["ids"]?.elements)
      #expect(try trace.tensor("layers.1.attention.weights")?.shape == [4, ids.count, ids.count])
      #expect(try trace.tensor("logits")?.shape == [ids.count, 381])
      let kept = try #require(trace.metadata.first { $0.key == "generation" }?.value)
      let steps = try JSON(parsing: Array(kept.utf8), path: file)["steps"]?.elements
      #expect(steps?.count == 6 && steps?.first?["row"]?.integer == ids.count - 7)
    }
  }

  @Test(arguments: [
    ["--greedy", "--tau", "1"], ["--greedy", "--top-k", "3"],
    ["--greedy", "--anneal", "linear:1..0"],
    ["--tau", "1", "--anneal", "linear:1..0"], ["--tau", "-1"], ["--tau", "nan"],
    ["--tau", "warm"],
    ["--anneal", "geometric:1..0"], ["--anneal", "steep:1..0"], ["--anneal", "linear:1"],
    ["--anneal", "linear:inf..1"], ["--anneal", "cosine:-1..1"], ["--top-k", "0"],
    ["--top-p", "0"], ["--top-p", "1.5"], ["--min-p", "2"], ["--repetition-penalty", "0"],
    ["--seed", "-1"], ["--system", "Be brief."], ["--trace", "-"], ["--pair", "b"],
    ["--max-new-tokens", "0"], ["--attention-tau", "1@L9"], ["--attention-tau", "1@L0H9"],
    ["--attention-tau", "x"], ["--attention-tau", "1@nowhere"], ["--trace", "t.txt"],
  ])
  func refusesWhatContradictsItself(arguments: [String]) throws {
    let result = try generate(arguments)
    #expect(result.code == 64, "\(result.error)")
    #expect(result.out.isEmpty && !result.error.isEmpty)
  }

  @Test func chatNeedsATemplate() throws {
    let result = try generate(["--chat"])
    #expect(result.code == 65 && result.error.contains("no chat template"))
  }

  @Test func sayWhenTheContextIsFull() throws {
    let result = try generate(["--greedy", "--ignore-eos", "--max-new-tokens", "500"])
    #expect(result.code == 0 && result.error.contains("takes 64 tokens"))
  }

  /// τ inside attention: recorded in traces and figures, and 1 changes no bit.
  @Test func attentionHasATemperature() throws {
    try withTemporaryFolder { folder in
      func trace(_ name: String, _ arguments: [String]) throws -> SafeTensors {
        let file = folder + "/\(name).safetensors"
        let result = try Program.run(
          ["trace", "--model", Program.model("gpt2"), "-o", file] + arguments + [Self.text])
        #expect(result.code == 0, "\(result.error)")
        return try SafeTensors(file)
      }
      func tau(_ trace: SafeTensors) -> String? {
        trace.metadata.first { $0.key == "attention_tau" }?.value
      }
      let plain = try trace("plain", [])
      let one = try trace("one", ["--attention-tau", "1@all"])
      #expect(try plain.tensor("logits") == one.tensor("logits"))
      #expect(tau(plain) == "1.0" && tau(one) == "1.0")
      let hot = try trace("hot", ["--attention-tau", "2", "--attention-tau", "inf@L1H2"])
      #expect(tau(hot) == "[[2.0,2.0,2.0,2.0],[2.0,2.0,\"inf\",2.0]]")
      #expect(try hot.tensor("layers.1.attention.weights")?[2, 3, 0] == 0.25)
      let drawn = try Program.run([
        "draw", "gallery", "--model", Program.model("gpt2"), "--attention-tau", "0.5", "-o", "-",
        "--format", "svg", Self.text,
      ])
      #expect(drawn.out.contains("&quot;tau&quot;:0.5") || drawn.out.contains("\"tau\":0.5"))
    }
  }
}
