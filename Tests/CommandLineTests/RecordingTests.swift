import Drawing
import Files
import TestSupport
import Testing

/// Figures from recordings, and heatmaps of two runs, by the built program.
@Suite struct RecordingTests {
  static let folder = Fixtures.folder + "/recordings/"
  static let text = "The cat didn't cross the river."

  /// Draws to a file in a folder; returns what the program said and the provenance inside.
  private func draw(
    _ arguments: [String], in folder: String
  ) throws -> (result: Program.Result, provenance: JSON?, words: String) {
    let path = folder + "/figure.svg"
    let result = try Program.run(["draw"] + arguments + ["-o", path])
    guard result.code == 0 else { return (result, nil, "") }
    let found = try JSON(
      parsing: Array((provenance(inFile: readFile(path)) ?? "").utf8), path: path)
    return (result, found, String(decoding: try readFile(path), as: UTF8.self))
  }

  /// What is drawn of a recording is drawn of the run, but for the note that says where it is from.
  @Test(arguments: ["heatmap", "arcs", "asymmetry", "surprise", "gallery", "product", "residual"])
  func withItsModelARecordingGivesTheFigureOfTheRun(figure: String) throws {
    try withTemporaryFolder { folder in
      let model = ["--model", Program.model("gpt2")]
      let trace = folder + "/trace.npz"
      #expect(try Program.run(["trace", "-q", "-o", trace, Self.text] + model).code == 0)
      let own = try draw([figure, Self.text] + model, in: folder)
      let read = try draw([figure, "--trace", trace] + model, in: folder)
      #expect(own.result.code == 0 && read.result.code == 0, "\(read.result.error)")
      let lines = { (words: String) in
        Set(words.split(separator: "\n").filter { $0.contains("<text") })
      }
      let changed = lines(own.words).symmetricDifference(lines(read.words))
      #expect(changed.count <= 6, "\(changed)")
      let isTold = read.words.contains("recording")
      #expect(isTold && !own.words.contains("recording"))
      #expect(read.provenance?["options"] == own.provenance?["options"])
      #expect(read.provenance?["trace_sha256"]?.string?.count == 64)
      #expect(own.provenance?["trace_sha256"] == nil)
      #expect(read.provenance?["text"]?.string == Self.text)
      #expect(read.provenance?["recomputable"] == true)
      #expect(read.provenance.map { !$0.text().contains(folder) } == true)
    }
  }

  static let drawn: [(String, [String])] = [
    (
      "encoder.safetensors",
      [
        "heatmap", "gallery", "arcs", "distance", "heatmap --words", "heatmap --no-special",
        "heatmap --head mean",
      ]
    ),
    (
      "decoder.npz",
      [
        "heatmap --of q", "heatmap --of k", "heatmap --of v", "heatmap --of scores",
        "heatmap --of masked", "heatmap --of context", "product", "masks", "scaling", "asymmetry",
        "surprise", "tempering", "tempering --at L3H2", "entropy", "gibbs", "density",
        "arcs --layout rails", "heatmap --layer L1H3", "distance --layer L3H0",
      ]
    ),
    (
      "seq2seq.safetensors",
      ["translation", "heatmap", "gallery --stack encoder", "scaling --stack encoder", "masks"]
    ),
    ("transformers.safetensors", ["heatmap", "gallery", "arcs --token 2"]),
  ]

  @Test(arguments: drawn.flatMap { file, figures in figures.map { (file, $0) } })
  func drawsWithoutAModel(file: String, figure: String) throws {
    try withTemporaryFolder { folder in
      let words = figure.split(separator: " ").map(String.init)
      let (result, provenance, _) = try draw(words + ["--trace", Self.folder + file], in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(provenance?["trace_sha256"]?.string?.count == 64)
      #expect(provenance?["model_sha256"] == .null)
    }
  }

  static let refused: [([String], Int32, String)] = [
    (["heatmap", "--layer", "2", "--trace", "decoder.npz"], 64, "it has layers 1 and 3"),
    (["heatmap", "--layer", "L1H4", "--trace", "decoder.npz"], 64, "no head 4"),
    (
      ["heatmap", "--of", "scores", "--trace", "encoder.safetensors"], 65,
      "encoder.safetensors holds no scores: record them with attnviz trace --record scores, or draw "
        + "weights"
    ),
    (["residual", "--trace", "encoder.safetensors"], 65, "holds no"),
    (["tempering", "--trace", "encoder.safetensors"], 65, "holds no logits"),
    (["ribbon", "--trace", "decoder.npz"], 65, "holds no generation"),
    (["neighbours", "--trace", "decoder.npz"], 64, "--model"),
    (["evidence", "--trace", "decoder.npz"], 64, "--model"),
    (["positions", "--trace", "decoder.npz"], 64, "--model"),
    (["translation", "--trace", "decoder.npz"], 64, "no encoder–decoder"),
    (["heatmap", "--trace", "decoder.npz", "a text"], 64, "leave TEXT out"),
    (["heatmap", "--trace", "decoder.npz", "--attention-tau", "2"], 64, "--attention-tau"),
    (["ribbon", "--trace", "decoder.npz", "--greedy"], 64, "--greedy"),
    (["heatmap", "--trace", "none.npz"], 66, "none.npz"),
    (["heatmap", "--trace", "make.py"], 65, "a recording is"),
    (["heatmap", "--trace", "decoder.npz", "--against", "a text"], 64, "--model"),
    (["heatmap", "--trace", "decoder.npz", "--against", "none.npz"], 66, "no such recording"),
    (
      [
        "heatmap", "--trace", "decoder.npz", "--against", Self.folder + "encoder.safetensors",
        "--compare", "difference",
      ], 64, "whose tokens differ"
    ),
    (["gallery", "--trace", "decoder.npz", "--against", "x"], 64, "does not take --against"),
    (["heatmap", "--trace", "decoder.npz", "--compare", "side"], 64, "--against"),
  ]

  @Test(arguments: refused.indices) func refuses(index: Int) throws {
    let (arguments, code, words) = Self.refused[index]
    let full = arguments.enumerated().map { place, word in
      place > 0 && arguments[place - 1] == "--trace" ? Self.folder + word : word
    }
    let result = try Program.run(["draw"] + full + ["-o", "/nowhere/x.svg"])
    #expect(result.code == code && result.error.contains(words), "\(result.error)")
  }

  @Test func aRecordingOfAnotherModelIsRefused() throws {
    try withTemporaryFolder { folder in
      let trace = folder + "/trace.safetensors"
      let call = ["trace", "-q", "--model", Program.model("bert"), "-o", trace, Self.text]
      #expect(try Program.run(call).code == 0)
      let other = try draw(
        ["heatmap", "--trace", trace, "--model", Program.model("gpt2")], in: folder
      ).result
      #expect(other.code == 65 && other.error.contains("not with gpt2"), "\(other.error)")
    }
  }

  @Test func aRecordedGenerationIsTold() throws {
    try withTemporaryFolder { folder in
      let model = ["--model", Program.model("gpt2")]
      let trace = folder + "/trace.safetensors"
      let asked = ["--seed", "3", "--tau", "2", "--max-new-tokens", "5", "The cat"]
      let call = ["generate", "-q", "--trace", trace] + model + asked
      #expect(try Program.run(call).code == 0)
      let own = try draw(["ribbon"] + model + asked, in: folder)
      let read = try draw(["ribbon", "--trace", trace], in: folder)
      #expect(own.result.code == 0 && read.result.code == 0, "\(read.result.error)")
      for key in ["seed", "tau", "tokens", "options"] {
        #expect(read.provenance?[key] == own.provenance?[key], "\(key)")
      }
    }
  }

  // MARK: two runs

  @Test func aRunIsComparedWithItself() throws {
    try withTemporaryFolder { folder in
      let model = ["--model", Program.model("bert")]
      let trace = folder + "/trace.safetensors"
      #expect(try Program.run(["trace", "-q", "-o", trace, Self.text] + model).code == 0)
      for arguments in [
        ["heatmap", "--against", trace, Self.text] + model,
        ["heatmap", "--against", Self.text, Self.text] + model,
        ["heatmap", "--against", trace, "--trace", trace],
      ] {
        let (result, provenance, words) = try draw(arguments, in: folder)
        #expect(result.code == 0, "\(result.error)")
        let title = words.split(separator: "\n").first { $0.hasPrefix("<title") } ?? ""
        #expect(title.contains("No weight differs"))
        #expect(provenance?["options"]?["compare"] == "difference")
        #expect(provenance?["options"]?["against"]?["model"] == "bert")
        #expect(provenance?["options"]?["against"]?["text"]?.string == Self.text)
      }
    }
  }

  @Test func modelsAreComparedWordByWord() throws {
    try withTemporaryFolder { folder in
      let call = [
        "heatmap", "--model", Program.model("bert"), "--against", Program.model("gpt2"),
        "--layer", "L1H2", "--against-layer", "L0H1", Self.text,
      ]
      let side = try draw(call, in: folder)
      #expect(side.provenance?["options"]?["compare"] == "side", "\(side.result.error)")
      let (result, provenance, words) = try draw(call + ["--words"], in: folder)
      #expect(result.code == 0 && provenance?["options"]?["compare"] == "difference")
      let isDeclared = words.contains("removed, rows renormalised")
      #expect(isDeclared)
      let against = provenance?["options"]?["against"]
      #expect(against?["model"] == "gpt2" && against?["layer"] == 0 && against?["head"] == 1)
      #expect(against?["model_sha256"]?.string?.count == 64)
      let refused = try draw(call + ["--compare", "difference"], in: folder).result
      #expect(refused.code == 64 && refused.error.contains("--words"))
    }
  }

  @Test func textsAreShownSideBySide() throws {
    try withTemporaryFolder { folder in
      let model = ["--model", Program.model("letters")]
      let (result, provenance, words) = try draw(
        ["heatmap", "--against", "dog", "cat"] + model, in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(provenance?["options"]?["against"]?["text"] == "dog")
      let isNamed = words.contains("of the cross-attention")
      #expect(isNamed)
    }
  }
}
