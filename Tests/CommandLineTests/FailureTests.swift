import Files
import Foundation
import TestSupport
import Testing
import Transformers

/// Every failure: one line that says what and where, the contract's exit code, nothing half written.
@Suite struct FailureTests {
  static let text = "The cat sat."

  /// Draws with a model and returns what happened; nothing may be left behind.
  func draw(model: String, _ arguments: [String] = [], text: String = text) throws -> Program.Result
  {
    try withTemporaryFolder { folder in
      let result = try Program.run(
        ["draw", "gallery", "--model", model, "-o", folder + "/f.svg"] + arguments + [text])
      #expect(try namesInFolder(folder).isEmpty)
      return result
    }
  }

  func expect(
    _ result: Program.Result, _ code: Int32, _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.code == code, "\(result.error)", sourceLocation: sourceLocation)
    #expect(result.out.isEmpty, sourceLocation: sourceLocation)
    #expect(result.error.contains(words), "\(result.error)", sourceLocation: sourceLocation)
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 1 && result.error.hasPrefix("attnviz: "), sourceLocation: sourceLocation)
  }

  @Test func aMissingModel() throws {
    expect(try draw(model: "/nowhere/at/all"), 66, "/nowhere/at/all")
    expect(try draw(model: "no-such-name"), 66, "attnviz models add")
  }

  @Test(.enabled(if: EmbeddedModel.all.isEmpty, "there are models in the program"))
  func noModelAtAll() throws {
    try withTemporaryFolder { folder in
      let result = try Program.run(
        ["tokenize", "a"], environment: ["XDG_DATA_HOME": folder, "XDG_CACHE_HOME": folder])
      expect(result, 66, "attnviz models add minilm")
    }
  }

  /// A copy of a model with one file changed.
  func withModel(
    _ file: String, _ change: ([UInt8]) -> [UInt8]?, _ body: (String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for name in ["config.json", "model.safetensors", "tokenizer.json"] {
        let bytes = try readFile(Program.model("bert") + "/" + name)
        if let bytes = name == file ? change(bytes) : bytes {
          try writeFile(folder + "/" + name, bytes)
        }
      }
      try body(folder)
    }
  }

  @Test func brokenModels() throws {
    try withModel("model.safetensors", { Array($0.dropLast(100)) }) {
      expect(try draw(model: $0), 65, "model.safetensors")
    }
    try withModel("model.safetensors", { _ in [] }) {
      expect(try draw(model: $0), 65, "model.safetensors")
    }
    try withModel("model.safetensors", { _ in nil }) {
      expect(try draw(model: $0), 66, "model.safetensors")
    }
    try withModel("config.json", { _ in Array("{\"model_type\": \"mamba\"}".utf8) }) {
      expect(try draw(model: $0), 65, "distilbert, electra")
    }
    try withModel("config.json", { Array($0.dropLast(5)) }) {
      expect(try draw(model: $0), 65, "config.json")
    }
    try withModel("tokenizer.json", { _ in Array("{\"model\": {\"type\": \"Magic\"}}".utf8) }) {
      expect(try draw(model: $0), 65, "tokenizer.json")
    }
  }

  @Test func onnxIsRefusedWithAWayOut() throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/model.onnx", "x")
      for model in [folder, folder + "/model.onnx"] {
        expect(try draw(model: model), 65, "save_pretrained")
      }
    }
  }

  @Test func messagesStayShort() throws {
    let type = String(repeating: "x", count: 5000)
    try withModel("config.json", { _ in Array("{\"model_type\": \"\(type)\"}".utf8) }) {
      let result = try draw(model: $0)
      expect(result, 65, "config.json")
      #expect(result.error.count < 700)
    }
  }

  @Test func textsTheModelCannotTake() throws {
    expect(try draw(model: Program.model("gpt2"), text: ""), 65, "no tokens")
    let long = String(repeating: "word ", count: 300)
    expect(try draw(model: Program.model("bert"), text: long), 65, "64")
    try withTemporaryFolder { folder in
      try writeFile(folder + "/t", [0x61, 0xFF, 0x62])
      let result = try Program.run([
        "trace", "--model", Program.model("bert"), "--text-file", folder + "/t", "-o",
        folder + "/o.npz",
      ])
      expect(result, 65, "UTF-8")
      #expect(try namesInFolder(folder) == ["t"])
    }
  }

  @Test func placesThatDoNotExist() throws {
    for place in [["--layer", "9"], ["--layer", "L0H9"], ["--layer", "1", "--head", "4"]] {
      let result = try Program.run(
        ["draw", "heatmap", "--model", Program.model("bert"), "-o", "/tmp/f.svg"] + place + ["a"])
      expect(result, 64, "there is no")
    }
  }

  @Test func outputsThatCannotBeMade() throws {
    let call = ["draw", "gallery", "--model", Program.model("bert")]
    expect(try Program.run(call + ["-o", "/nowhere/f.svg", "a"]), 73, "/nowhere/f.svg")
    expect(try Program.run(call + ["-o", "/tmp", "--format", "svg", "a"]), 73, "folder")
    expect(try Program.run(call + ["-o", "f.gif", "a"]), 64, ".png, .svg, .pdf or .txt")
  }

  @Test func foldersOfOthersAreLeftAlone() throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/mine.txt", "mine")
      let result = try Program.run(["explain", "--model", Program.model("bert"), "-o", folder, "a"])
      expect(result, 73, "name another folder")
      #expect(try namesInFolder(folder) == ["mine.txt"])
    }
  }

  /// One file of the user's in a folder of ours is enough to leave it alone.
  @Test(arguments: [
    ["arcs", "--token", "99"], ["arcs", "--heads", "L9H0"], ["product", "--key", "99"],
    ["residual", "--token", "99"], ["distance", "--layer", "0"],
    ["heatmap", "--of", "scores", "--words"], ["heatmap", "--of", "scores", "--vmin", "1"],
    ["heatmap", "--of", "q", "--scale", "log"], ["masks", "--head", "mean"],
    ["arcs", "--token", "0", "--no-special"],
  ])
  func placesAndOptionsThatMeanNothing(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let result = try Program.run(
        ["draw"] + arguments + ["--model", Program.model("bert"), "-o", folder + "/f.svg", "a b"])
      expect(result, 64, "attnviz: ")
      #expect(try namesInFolder(folder).isEmpty)
    }
  }

  @Test(arguments: ["notes.txt", "figures/mine.svg"])
  func additionsOfTheUserAreKept(name: String) throws {
    try withTemporaryFolder { folder in
      let call = ["explain", "--model", Program.model("bert"), "-o", folder + "/e", "a b c"]
      #expect(try Program.run(call).code == 0)
      try writeFile(folder + "/e/" + name, "mine")
      expect(try Program.run(call), 73, "name another folder")
      #expect(try readFile(folder + "/e/" + name) == Array("mine".utf8))
    }
    try withTemporaryFolder { folder in
      try writeFile(folder + "/explanation.json", "")
      let result = try Program.run(["explain", "--model", Program.model("bert"), "-o", folder, "a"])
      expect(result, 73, "name another folder")
    }
  }

  @Test func textsThatBeginWithADash() throws {
    let call = ["tokenize", "--model", Program.model("gpt2")]
    expect(try Program.run(call + ["- why?"]), 64, "goes after --")
    #expect(try Program.run(call + ["--", "- why?"]).code == 0)
  }

  @Test func mistypedCommands() throws {
    expect(try Program.run(["explian", "a"]), 64, "did you mean explain?")
    expect(try Program.run(["temperatures", "--help"]), 64, "there is no command")
  }

  @Test func messagesCarryNoEscapes() throws {
    for words in [["\u{1B}[31mx"], ["draw", "\u{1B}[31m", "a"], ["explain", "--\u{1B}[31m"]] {
      let result = try Program.run(words)
      #expect(result.code == 64 && !result.error.unicodeScalars.contains("\u{1B}"))
    }
  }

  @Test func linksAreWrittenThrough() throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/real.svg", "old")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link.svg", withDestinationPath: "real.svg")
      let result = try Program.run(
        ["draw", "gallery", "--model", Program.model("bert"), "-o", folder + "/link.svg", "a b"])
      #expect(result.code == 0)
      #expect(try readFile(folder + "/real.svg").starts(with: Array("<?xml".utf8)))
      #expect(try namesInFolder(folder) == ["link.svg", "real.svg"])
    }
  }

  @Test func palettesThatDoNotFit() throws {
    let call = ["draw", "heatmap", "--model", Program.model("bert"), "-o", "/nowhere/f.svg"]
    expect(try Program.run(call + ["--palette", "vik", "a"]), 64, "signed")
    expect(try Program.run(call + ["--palette", "viridis", "--of", "q", "a"]), 64, "vik")
  }

  @Test(.enabled(if: fileOrDeviceExists("/dev/full"), "there is no /dev/full here"))
  func aFullDisk() throws {
    let call = [
      "trace", "--model", Program.model("bert"), "-o", "/dev/full", "--format", "npz", "a",
    ]
    expect(try Program.run(call), 74, "/dev/full")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c", "exec \"$0\" tokenize --model \"$1\" a > /dev/full 2> /dev/null", Program.path,
      Program.model("bert"),
    ]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 74)
  }

  @Test(arguments: [
    ["draw", "pie", "-o", "f.svg", "a"], ["draw", "heatmap", "a"], ["explain"], ["trace", "a"],
    ["draw", "heatmap", "--width", "9 parsec", "-o", "f.svg", "a"], ["frobnicate"],
    ["draw", "gallery", "--layer", "1", "-o", "f.svg", "a"],
    ["draw", "heatmap", "--window", "2", "-o", "f.svg", "a"],
    ["draw", "masks", "--window", "0", "-o", "f.svg", "a"],
    ["draw", "arcs", "--heads", "L1", "-o", "f.svg", "a"],
    ["draw", "arcs", "--threshold", "2", "-o", "f.svg", "a"],
    ["draw", "heatmap", "--sink-aware", "--vmax", "1", "-o", "f.svg", "a"],
    ["tokenize", "--threads", "0", "a"],
  ])
  func usage(arguments: [String]) throws {
    let result = try Program.run(arguments)
    #expect(result.code == 64 && result.out.isEmpty)
    #expect(!result.error.isEmpty)
  }
}

private func fileOrDeviceExists(_ path: String) -> Bool {
  FileManager.default.fileExists(atPath: path)
}
