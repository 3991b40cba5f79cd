import Files
import TestSupport
import Testing

@Suite struct TrainTests {
  static let shape = """
    {"model_type": "gpt2", "n_layer": 1, "n_head": 2, "n_embd": 8, "n_positions": 16}
    """
  static let options = [
    "--steps", "6", "--batch", "3", "--context", "8", "--vocabulary", "270", "--warmup", "2",
    "--checkpoint-every", "3", "--seed", "4",
  ]

  private func prepared(_ folder: String) throws -> [String] {
    let text = String(repeating: "the cat sat on the mat. ", count: 30)
    try writeFile(folder + "/text.txt", text)
    try writeFile(folder + "/config.json", Self.shape)
    return ["train", "--text", folder + "/text.txt"]
  }

  @Test func trainsAModelThatOtherCommandsRead() throws {
    try withTemporaryFolder { folder in
      let call = try prepared(folder) + ["--config", folder + "/config.json"]
      let result = try Program.run(
        call + Self.options + ["-o", folder + "/m", "--anneal", "cosine:1.5..0.2", "--json"])
      #expect(result.code == 0)
      #expect(result.error.contains("step 6 of 6: loss "))
      #expect(result.error.contains("  sample: "))
      let log = try JSON(parsing: Array(result.out.utf8), path: "out")
      #expect(log == (try Fixtures.json(folder + "/m/learning.json")))
      #expect(log["step"] == [1, 2, 3, 4, 5, 6])
      #expect(log["validation_step"] == [3, 6])
      #expect(log["settings"]?["seed"] == 4)
      let next = try Program.run(
        ["generate", "--model", folder + "/m", "--greedy", "--max-new-tokens", "3", "the cat"])
      #expect(next.code == 0)
      let same = try Program.run(call + Self.options + ["-o", folder + "/again", "-q"])
      #expect(same.code == 0 && same.error.isEmpty && same.out.isEmpty)
      #expect(
        try readFile(folder + "/again/model.safetensors")
          == readFile(folder + "/m/model.safetensors"))
    }
  }

  @Test func goesOnToMoreSteps() throws {
    try withTemporaryFolder { folder in
      let call = try prepared(folder)
      let begin = call + ["--config", folder + "/config.json", "-q", "-o", folder + "/m"]
      #expect(try Program.run(begin + Self.options).code == 0)
      #expect(try Program.run(begin + Self.options).code == 64)
      let more = try Program.run(call + ["-o", folder + "/m", "--resume", "--steps", "8", "-q"])
      #expect(more.code == 0)
      let log = try Fixtures.json(folder + "/m/learning.json")
      #expect(log["step"] == [1, 2, 3, 4, 5, 6, 7, 8])
    }
  }

  @Test func drawsHowItLearned() throws {
    try withTemporaryFolder { folder in
      let call = try prepared(folder) + ["--config", folder + "/config.json", "-q"]
      #expect(
        try Program.run(
          call + Self.options + ["-o", folder + "/m", "--watch", "the cat sat"]
        ).code == 0)
      let log = try Fixtures.json(folder + "/m/learning.json")
      #expect(log["watched"]?["step"] == [0, 1, 6])
      let drawn = try Program.run(
        ["draw", "learning", "--model", folder + "/m", "-o", folder + "/f.svg", "--alt"])
      #expect(drawn.code == 0, "\(drawn.error)")
      #expect(drawn.out.contains("after steps 0, 1, 6"))
      let again = try Program.run(["verify", folder + "/f.svg", "--model", folder + "/m"])
      #expect(again.code == 0 && again.out.contains("identical"), "\(again.out)\(again.error)")
      let head = ["draw", "learning", "--model", folder + "/m", "-o", "-", "--layer"]
      #expect(try Program.run(head + ["L0H1"]).out.contains("<svg"))
      #expect(try Program.run(head + ["L5H1"]).code == 64)
      let other = try Program.run(
        ["draw", "learning", "--model", Program.model("bert"), "-o", "-"])
      #expect(other.code == 66 && other.error.contains("learning.json"))
    }
  }

  @Test func anEncoderAndADecoderShareTheirTokens() throws {
    try withTemporaryFolder { folder in
      let call = try prepared(folder)
      try writeFile(folder + "/text.txt", String(repeating: "a cat\nthe cat sat\n", count: 30))
      try writeFile(
        folder + "/bert.json",
        """
        {"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": 8,
        "intermediate_size": 16, "max_position_embeddings": 16}
        """)
      func train(_ name: String, _ arguments: [String]) throws -> JSON {
        let all = call + ["--lines", "-q", "-o", folder + "/" + name] + Self.options + arguments
        #expect(try Program.run(all).code == 0)
        return try Fixtures.json(folder + "/" + name + "/config.json")
      }
      let encoder = try train("bert", ["--config", folder + "/bert.json"])
      let decoder = try train(
        "gpt", ["--config", folder + "/config.json", "--tokenizer", folder + "/bert"])
      #expect(decoder["vocab_size"] == encoder["vocab_size"])
      #expect(decoder["bos_token_id"] == 2 && decoder["eos_token_id"] == 3)
      for (name, special) in [("bert", ["[CLS]", "[SEP]"]), ("gpt", ["[CLS]"])] {
        let file = try Fixtures.json(folder + "/" + name + "/tokenizer.json")
        let template = file["post_processor"]?["single"]?.elements ?? []
        let found: [String] = template.compactMap { $0["SpecialToken"]?["id"]?.string }
        #expect(found == special)
      }
      let more = try Program.run(
        call + ["--lines", "-o", folder + "/gpt", "--resume", "--steps", "8", "-q"])
      #expect(more.code == 0)
    }
  }

  @Test func saysWhatIsWrong() throws {
    try withTemporaryFolder { folder in
      let call = try prepared(folder)
      let config = ["--config", folder + "/config.json", "-o", folder + "/m"]
      func fails(_ arguments: [String], _ code: Int32, _ words: String) throws {
        let result = try Program.run(arguments)
        #expect(result.code == code, "\(result.error)")
        #expect(result.error.contains(words), "\(result.error)")
        #expect(!fileExists(folder + "/m/config.json"))
      }
      try fails(call + ["-o", folder + "/m"], 64, "--config")
      try fails(call + ["-o", folder + "/m", "--resume"], 64, "leave --resume out")
      try fails(call + config + ["--context", "17"], 64, "from 4 to 16")
      try fails(call + config + ["--validation", "0.9"], 64, "--validation")
      try fails(call + ["-o", folder + "/m", "--resume", "--watch", "a"], 64, "leave --watch out")
      try fails(
        ["train", "--pairs", folder + "/text.txt", "--watch", "a"] + config, 64, "--watch goes with"
      )
      try fails(call + config + ["--pairs", "x"], 64, "--text FILE or --pairs FILE")
      try fails(["train", "--pairs", folder + "/text.txt"] + config, 64, "give --text")
      try fails(["train", "--pairs", "x", "--lines"] + config, 64, "--lines")
      try fails(call + config + ["--tokenizer", "x", "--characters"], 64, "--tokenizer")
      try writeFile(folder + "/text.txt", "short")
      try fails(call + config + ["--context", "8"], 64, "give more text")
      try writeFile(folder + "/config.json", "{\"model_type\": \"gpt2\", \"n_layers\": 1}")
      try fails(call + config, 65, "n_layers")
    }
  }
}
