import Files
import TestSupport
import Testing
import Transformers

/// Commands without a model, a network or folders of a user.
@Suite(.enabled(if: EmbeddedModel.all.count == 3, "no models are in the program"))
struct DefaultModelTests {
  private static let text = "The cat sat on the mat."

  /// Runs the program where nothing is stored and nothing can be.
  private func run(_ words: String...) throws -> Program.Result {
    try Program.run(
      words,
      environment: [
        "HOME": "/nonexistent", "XDG_DATA_HOME": "/nonexistent/data", "PATH": "",
        "XDG_CACHE_HOME": "/nonexistent/cache", "HF_HUB_CACHE": "/nonexistent/hub",
      ])
  }

  private func json(_ path: String) throws -> JSON { try Fixtures.json(path) }

  @Test func explainsTwoModelsSideBySide() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/out"
      let result = try run("explain", "-o", out, Self.text)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.error.contains("attnviz models add minilm"))
      for model in ["tiny-bert", "tiny-gpt"] {
        #expect(result.out.contains("What \(model) does with"))
        #expect(fileExists("\(out)/trace-\(model).safetensors"))
        #expect(fileExists("\(out)/figures/\(model)-gallery.svg"))
      }
      let explanation = try json(out + "/explanation.json")
      let runs = try #require(explanation["run"]?["runs"]?.elements)
      #expect(runs.map { $0["kind"]?.string } == ["encoder", "decoder"])
      // Figures of both, and their comparison, are drawn again to the same bytes.
      for figure in ["side-by-side", "tiny-bert-gallery", "tiny-gpt-tempering"] {
        let again = try run("verify", "\(out)/figures/\(figure).svg")
        #expect(again.code == 0 && again.out.contains("identical"), "\(again.out) \(again.error)")
      }
      // The folder is the tool's own and may be written again, quietly.
      let next = try run("explain", "-q", "-o", out, "--model", "tiny-gpt", Self.text)
      #expect(next.code == 0 && next.out.isEmpty && next.error.isEmpty)
      #expect(try namesInFolder(out).contains("trace.safetensors"))
      #expect(!fileExists(out + "/trace-tiny-gpt.safetensors"))
    }
  }

  @Test func aFolderWithOtherFilesIsKept() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/out"
      #expect(try run("explain", "-q", "-o", out, "a cat").code == 0)
      try writeFile(out + "/trace-mine.safetensors", "x")
      #expect(try run("explain", "-q", "-o", out, "a cat").code == 73)
    }
  }

  @Test func standardInputIsReadOnce() throws {
    try withTemporaryFolder { folder in
      let result = try Program.run(
        ["explain", "-q", "-o", folder + "/out", "--text-file", "-"], input: Self.text,
        environment: ["XDG_DATA_HOME": folder, "HOME": "/nonexistent"])
      #expect(result.code == 0, "\(result.error)")
      #expect(try json(folder + "/out/explanation.json")["run"]?["text"]?.string == Self.text)
    }
  }

  @Test func otherCommandsUseTheDecoder() throws {
    let temperature = try run("temperature", "--json", Self.text)
    #expect(temperature.code == 0, "\(temperature.error)")
    #expect(temperature.out.contains("tiny-gpt"))
    #expect(try run("generate", "--max-new-tokens", "2", Self.text).code == 0)
    #expect(try run("draw", "gallery", "-o", "-", Self.text).out.contains("tiny-gpt"))
    #expect(try run("models", "default").out == "tiny-gpt\n")
    #expect(try run("models", "path", "tiny-bert").out == "in the program\n")
  }

  @Test func theSpellerReadsLettersAndWritesSounds() throws {
    try withTemporaryFolder { folder in
      let result = try run(
        "explain", "-o", folder + "/out", "--model", "tiny-speller", "knightly")
      #expect(result.code == 0, "\(result.error)")
      #expect(result.out.hasPrefix("How tiny-speller turns “knightly” into"))
    }
  }

  /// What is chosen goes before what is in the program.
  @Test func aChosenModelGoesBefore() throws {
    try withTemporaryFolder { folder in
      let result = try Program.run(
        ["explain", "-o", folder + "/out", Self.text],
        environment: ["XDG_DATA_HOME": folder, "ATTNVIZ_MODEL": Program.model("bert")])
      #expect(result.code == 0 && result.out.hasPrefix("What bert does with"), "\(result.error)")
    }
  }
}
