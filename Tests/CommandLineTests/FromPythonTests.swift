import Files
import Foundation
import TestSupport
import Testing

/// The programs of `docs/from-python.md`, as a reader would run them.
@Suite struct FromPythonTests {
  /// A Python with the libraries: `ATTNVIZ_PYTHON`, else that of the benchmarks.
  static let python: String? = {
    let own = environment("HOME").map { $0 + "/.cache/attnviz/bench-env/bin/python" }
    guard let path = environment("ATTNVIZ_PYTHON") ?? own, fileExists(path) else { return nil }
    let check = ["-c", "import numpy, safetensors, torch, transformers"]
    return (try? run(path, check, in: "/tmp"))?.code == 0 ? path : nil
  }()

  /// The code blocks of the page.
  static func programs() throws -> [String] {
    let path = Fixtures.folder + "/../../docs/from-python.md"
    let page = String(decoding: try readFile(path), as: UTF8.self)
    return page.components(separatedBy: "```python called\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  private static func run(
    _ python: String, _ arguments: [String], in folder: String
  ) throws -> (code: Int32, error: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PYTHONPATH": Fixtures.folder + "/recordings/stand_in", "HF_HUB_OFFLINE": "1",
      "PYTHONDONTWRITEBYTECODE": "1",
    ]) { $1 }
    let error = Pipe()
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, error)
    try process.run()
    let said = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }

  @Test func programsAreShort() throws {
    let programs = try Self.programs()
    #expect(programs.count == 3)
    for program in programs {
      #expect(program.split(separator: "\n").count <= 10)
    }
  }

  /// What each program is called with, and what is drawn of its recording.
  static let calls: [(arguments: [String], file: String, figures: [[String]])] = [
    (["bert", "The cat sat, naïve."], "", [["gallery"], ["heatmap", "--words"]]),
    (["gpt2", "The cat sat, naïve."], "", [["heatmap", "--layer", "1"], ["arcs"]]),
    (
      ["gpt2-small", "The cat sat on the mat"], "",
      [["heatmap", "--of", "scores"], ["product"], ["scaling"]]
    ),
    ([], "own.npz", [["heatmap"], ["masks"], ["asymmetry"]]),
  ]

  @Test(.enabled(if: python != nil, "needs Python with transformers"), arguments: calls.indices)
  func programsRecordWhatCanBeDrawn(index: Int) throws {
    let python = try #require(Self.python)
    let program = try Self.programs()[max(index - 1, 0)]
    let (arguments, file, figures) = Self.calls[index]
    try withTemporaryFolder { folder in
      let trace = folder + "/" + (file.isEmpty ? "out.safetensors" : file)
      let isOfModel = index < 2
      let (code, error) = try Self.run(
        python, ["-c", program] + arguments + (file.isEmpty ? [trace] : []),
        in: isOfModel ? Fixtures.folder + "/models" : folder)
      #expect(code == 0, "\(error)")
      for figure in figures {
        let result = try Program.run(
          ["draw"] + figure + ["--trace", trace, "-o", folder + "/x.png"])
        #expect(result.code == 0, "\(result.error)")
      }
    }
  }
}
