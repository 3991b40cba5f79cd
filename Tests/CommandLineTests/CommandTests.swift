import Files
import TensorFiles
import TestSupport
import Testing

/// What every command writes when all is well.
@Suite struct CommandTests {
  static let text = "The cat didn't cross the river."

  static let figures = [
    "heatmap", "gallery", "arcs", "asymmetry", "product", "masks", "scaling", "positions",
    "distance", "residual",
  ]

  @Test(arguments: ["png", "svg", "pdf"], figures)
  func drawsEveryFigureInEveryFormat(format: String, figure: String) throws {
    try withTemporaryFolder { folder in
      let file = folder + "/f." + format
      let result = try Program.run(
        ["draw", figure, "--model", Program.model("bert"), "-o", file, Self.text])
      #expect(result.code == 0 && result.out.isEmpty, "\(result.error)")
      let bytes = try readFile(file)
      let start: [String: [UInt8]] = [
        "png": [0x89, 0x50, 0x4E, 0x47], "svg": Array("<?xml".utf8), "pdf": Array("%PDF".utf8),
      ]
      #expect(bytes.starts(with: start[format] ?? []))
      #expect(try namesInFolder(folder) == ["f." + format])
      // The same again: the same bytes.
      let again = folder + "/g." + format
      _ = try Program.run([
        "draw", figure, "--model", Program.model("bert"), "-o", again, Self.text,
      ])
      let second = try readFile(again)
      #expect(second == bytes)
    }
  }

  @Test(arguments: figures, ["bert", "llama"])
  func drawsAnyTextAndDescribesIt(figure: String, model: String) throws {
    try withTemporaryFolder { folder in
      for text in ["a", "naïve 東京 🙂 שלום", String(repeating: "the cat sat. ", count: 6)] {
        for options in [["--theme", "dark"], ["--width", "89mm"]] {
          let result = try Program.run(
            [
              "draw", figure, "--model", Program.model(model), "-o", folder + "/f.svg", "--alt",
              text,
            ]
              + options)
          #expect(result.code == 0 && result.out.count > 80, "\(text): \(result.error)")
        }
      }
    }
  }

  @Test(arguments: [
    ["heatmap", "--head", "mean"], ["heatmap", "--head", "mean", "--layer", "1", "--no-special"],
    ["heatmap", "--words", "--sink-aware"], ["heatmap", "--no-values", "--scale", "log"],
    ["heatmap", "--vmax", "0.5", "--values"], ["heatmap", "--of", "scores", "--vmax", "2"],
    ["arcs", "--token", "2", "--heads", "L0H1,L1H2"], ["arcs", "--layout", "rails", "--words"],
    ["arcs", "--no-special", "--threshold", "0.3"], ["masks", "--window", "2"],
    ["product", "--token", "3", "--key", "1"], ["distance", "--head", "L1H2"],
    ["residual", "--token", "1"], ["positions", "--encoding", "sinusoidal"],
  ])
  func figuresHaveOptions(arguments: [String]) throws {
    let result = try Program.run(
      ["draw"] + arguments + ["--model", Program.model("bert"), "-o", "-", Self.text])
    #expect(result.code == 0 && result.out.contains("<svg"), "\(result.error)")
  }

  /// Few tokens, every number: with and without special tokens, in every theme and width.
  @Test(arguments: [
    ["bert", "a"], ["bert", "--no-special", "a c"], ["bert", "--no-special", "東🙂"],
    ["gpt2", "--layer", "L1H2", "--token", "1", "--key", "0", "ab c"], ["llama", "a"],
    ["llama", "--theme", "dark", "--no-special", "a ca"], ["bert", "--width", "89mm", "ab"],
  ])
  func worksAHeadByHand(arguments: [String]) throws {
    let result = try Program.run(
      ["draw", "worked", "-o", "-", "--model", Program.model(arguments[0])]
        + arguments.dropFirst())
    #expect(result.code == 0 && result.out.contains("<svg"), "\(result.error)")
    let isBare = arguments.contains("--no-special")
    #expect(result.out.contains("with which the model was trained") == isBare)
  }

  @Test func worksNoLongText() throws {
    let result = try Program.run([
      "draw", "worked", "--alt", "--model", Program.model("gpt2"), Self.text,
    ])
    #expect(result.code == 65 && result.error.contains("worked takes 2 to 4: shorten it\n"))
  }

  @Test func drawsToStandardOutput() throws {
    let result = try Program.run(
      ["draw", "heatmap", "--model", Program.model("gpt2"), "--of", "q", "-o", "-", Self.text])
    #expect(result.code == 0 && result.error.isEmpty)
    #expect(result.out.contains("<svg") && result.out.contains("attnviz.provenance/1"))
  }

  @Test func describesAFigure() throws {
    let result = try Program.run(
      ["draw", "heatmap", "--alt", "--layer", "L1H2", "--model", Program.model("bert"), Self.text])
    #expect(result.code == 0)
    #expect(result.out.contains("layer 1, head 2") && result.out.contains("Mean entropy"))
  }

  @Test func readsTheTextFromStandardInputByteForByte() throws {
    let result = try Program.run(
      ["tokenize", "--model", Program.model("gpt2"), "--text-file", "-", "--json"],
      input: " a\n")
    let json = try JSON(parsing: Array(result.out.utf8), path: "out")
    #expect(json["tokens"] == ["Ġa", "Ċ"])
    #expect(json["offsets"] == [[0, 2], [2, 3]])
  }

  @Test func tokenizesLines() throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/in", "{\"text\": \"a\", \"text_pair\": \"b\"}\n{\"text\": \"\"}\n")
      let result = try Program.run([
        "tokenize", "--model", Program.model("bert"), "--lines", folder + "/in", "-o",
        folder + "/out",
      ])
      #expect(result.code == 0, "\(result.error)")
      let lines = try readFile(folder + "/out").split(separator: 10)
        .map { try JSON(parsing: Array($0), path: "out") }
      #expect(lines.map { $0["ids"]?.elements?.count } == [5, 2])
    }
  }

  @Test(arguments: ["safetensors", "npz", "json"])
  func writesTraces(format: String) throws {
    try withTemporaryFolder { folder in
      let file = folder + "/t." + format
      let result = try Program.run(
        ["trace", "--model", Program.model("gpt2"), "-o", file, Self.text])
      #expect(result.code == 0, "\(result.error)")
      switch format {
      case "safetensors":
        let read = try SafeTensors(file)
        #expect(read.contains("layers.1.attention.weights") && read.contains("logits"))
        #expect(read.metadata.first { $0.key == "schema" }?.value == "attnviz.trace/1")
        #expect(read.integers("ids")?.count == 15)
      case "npz":
        let names = try Zip(file).entries.map(\.name)
        #expect(names.contains("layers.0.attention.q.npy") && names.contains("metadata.json"))
      default:
        let json = try JSON(parsing: readFile(file), path: file)
        #expect(json["tensors"]?["layers.0.output"]?["shape"] == [15, 32])
      }
    }
  }

  @Test func generates() throws {
    let result = try Program.run([
      "generate", "--model", Program.model("gpt2"), "--max-new-tokens", "3", "--greedy",
      "--ignore-eos", "--json", Self.text,
    ])
    let json = try JSON(parsing: Array(result.out.utf8), path: "out")
    // The first three of the reference's twelve.
    #expect(json["ids"] == [55, 55, 55])
  }

  @Test func explainsIntoAFolderOfItsOwn() throws {
    try withTemporaryFolder { folder in
      let output = folder + "/e"
      for text in [Self.text, "Another one."] {
        let result = try Program.run(
          ["explain", "--model", Program.model("bert"), "-o", output, text])
        #expect(result.code == 0, "\(result.error)")
        #expect(result.out.contains(text) && result.out.contains("index.html"))
        #expect(!result.out.unicodeScalars.contains("\u{1B}"))
      }
      #expect(
        try namesInFolder(output) == [
          "explanation.json", "figures", "index.html", "index.md", "trace.safetensors",
        ])
      #expect(try namesInFolder(folder) == ["e"])
      let page = String(decoding: try readFile(output + "/index.html"), as: UTF8.self)
      #expect(page.contains("Another one.") && page.contains("<svg"))
    }
  }

  @Test func colourIsAChoice() throws {
    try withTemporaryFolder { folder in
      let call = ["explain", "--model", Program.model("bert"), "-o", folder + "/e", Self.text]
      let forced = try Program.run(call, environment: ["FORCE_COLOR": "1"])
      #expect(forced.out.contains("\u{1B}["))
      let both = try Program.run(call, environment: ["FORCE_COLOR": "1", "NO_COLOR": "1"])
      #expect(!both.out.contains("\u{1B}["))
      let asked = try Program.run(call + ["--color", "always"], environment: ["NO_COLOR": "1"])
      #expect(asked.out.contains("\u{1B}["))
    }
  }

  @Test(arguments: [[], ["draw"], ["explain"], ["trace"], ["tokenize"], ["models"], ["generate"]])
  func helpLeadsWithExamples(command: [String]) throws {
    let result = try Program.run(command + ["--help"])
    #expect(result.code == 0)
    #expect(result.out.contains("EXAMPLES") && result.out.contains("attnviz"))
  }

  /// Only what is asked for is in the trace, under the names it has there.
  @Test(arguments: [
    (
      ["--record", "weights,scores", "--layers", "L1"],
      ["scores", "weights"].map { "layers.1.attention." + $0 }
    ),
    (
      ["--record", "output,attention.output", "--layers", "0-1"],
      [
        "layers.0.attention.output", "layers.0.output", "layers.1.attention.output",
        "layers.1.output",
      ]
    ),
    (
      ["--record", "q,logits", "--layers", "0,L1"],
      ["layers.0.attention.q", "layers.1.attention.q", "logits"]
    ),
  ]) func recordsWhatIsAskedFor(arguments: [String], names: [String]) throws {
    try withTemporaryFolder { folder in
      let file = folder + "/t.safetensors"
      let call = ["trace", "--model", Program.model("gpt2"), "-o", file, Self.text]
      let result = try Program.run(call + arguments)
      #expect(result.code == 0, "\(result.error)")
      let some = try SafeTensors(file)
      let found = some.tensors.map(\.name).filter { $0 != "ids" && !$0.hasSuffix("mask") }
      #expect(found.sorted() == names.sorted())
      _ = try Program.run(call)
      let all = try SafeTensors(file)
      for name in names { #expect(try some.tensor(name) == all.tensor(name)) }
    }
  }

  @Test(arguments: [
    ["--record", "weight"], ["--record", ""], ["--layers", "3-1"], ["--layers", "0-"],
    ["--layers", "2"], ["--layers", "0-99999999999"], ["--layers", "L"],
  ]) func refusesOtherRecordings(arguments: [String]) throws {
    let result = try Program.run(
      ["trace", "--model", Program.model("gpt2"), "-o", "/nowhere/t.npz", "a"] + arguments)
    #expect(result.code == 64 && result.out.isEmpty)
  }

  /// Neighbours of a model's words, and of a file's without any model.
  @Test func drawsNeighbours() throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/v.txt", "king 1 0\nqueen 1 .5\nriver 0 1\n")
      let file = folder + "/n.svg"
      let call = ["draw", "neighbours", "-o", file, "--alt"]
      let model = ["--model", Program.model("bert")]
      let ofModel = try Program.run(call + model + ["--layer", "0", Self.text])
      #expect(
        ofModel.code == 0 && ofModel.out.contains("nearest after layer 0"), "\(ofModel.error)")
      let vectors = ["--vectors", folder + "/v.txt"]
      let ofFile = try Program.run(call + vectors + ["king river"])
      #expect(ofFile.code == 0 && ofFile.out.contains("king: queen"), "\(ofFile.error)")
      let svg = String(decoding: try readFile(file), as: UTF8.self)
      #expect(svg.contains("vectors_sha256") && !svg.contains(folder))
      let random = try Program.run(call + vectors + ["--unit", "random", "--seed", "1", "king"])
      #expect(random.code == 0, "\(random.error)")
      for (wrong, code) in [
        (vectors + model, 64), (["--unit", "random"], 64), (model + ["--seed", "1"], 64),
        (vectors + ["--layer", "1"], 64), (["--vectors", folder + "/none"], 66),
        (model + ["--layer", "9"], 64),
      ] as [([String], Int32)] {
        #expect(try Program.run(call + wrong + ["king"]).code == code, "\(wrong)")
      }
      try writeFile(folder + "/v.txt", "king 1 0\nqueen 1\n")
      let ragged = try Program.run(call + vectors + ["king"])
      #expect(ragged.code == 65 && ragged.error.contains("line 2"))
    }
  }
}
