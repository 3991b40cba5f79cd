import Files
import Foundation
import TestSupport
import Testing
import Transformers

/// `attnviz models` with folders of its own and a stand-in for pip.
@Suite struct ModelsTests {
  private func withUser(
    pip: String = "exit 1", _ body: ([String: String], String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try createFolder(folder + "/bin")
      try writeFile(folder + "/bin/pip", "#!/bin/sh\n\(pip)\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder + "/bin/pip")
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      try body(
        [
          "XDG_DATA_HOME": folder + "/data", "XDG_CACHE_HOME": folder + "/cache",
          "HF_HUB_CACHE": folder + "/hub", "PATH": folder + "/bin:" + path,
        ], folder)
    }
  }

  @Test func addsListsDescribesAndRemoves() throws {
    try withUser { user, folder in
      func models(_ words: String...) throws -> Program.Result {
        try Program.run(["models"] + words, environment: user)
      }
      #expect(try models().error.contains("attnviz models add minilm"))
      let added = try models("add", "tiny", Program.model("bert"))
      #expect(added.code == 0 && added.out.isEmpty)
      #expect(added.error.hasPrefix("tiny: copying"))
      let path = folder + "/data/attnviz/models/tiny"
      #expect(try models("path", "tiny").out == path + "\n")
      #expect(try models("default").out == "tiny\n")
      #expect(try models("list").out.contains("*  tiny"))
      let info = try models("info").out
      #expect(info.contains("layers        2\n"))
      #expect(info.contains("folder        \(path)\n"))
      for words in [["list", "--json"], ["info", "--json"]] {
        let out = try Program.run(["models"] + words, environment: user).out
        let json = try JSON(parsing: Array(out.utf8), path: "output")
        #expect(json["schema"]?.string?.hasPrefix("attnviz.model") == true)
      }
      let run = try Program.run(["tokenize", "--json", "cat"], environment: user)
      #expect(run.code == 0, "\(run.error)")
      #expect(try models("remove", "tiny").code == 0)
      #expect(try namesInFolder(folder + "/data/attnviz/models").isEmpty)
      let none = try models("info")
      if EmbeddedModel.all.isEmpty {
        #expect(none.code == 66)
      } else {
        #expect(none.code == 0 && none.out.contains("in the program"))
      }
    }
  }

  /// A GGUF file alone, in a folder, and stored.
  @Test func runsGGUFFiles() throws {
    try withUser { user, folder in
      let file = Fixtures.folder + "/gguf/llama.gguf"
      try createFolder(folder + "/mine")
      try writeFile(folder + "/mine/small.gguf", try readFile(file))
      let added = try Program.run(["models", "add", "small", file], environment: user)
      #expect(added.code == 0, "\(added.error)")
      let info = try Program.run(["models", "info", "small"], environment: user).out
      #expect(info.contains("parameters    54,432\n") && !info.contains("does not run"))
      #expect(info.contains("licence       apache-2.0\n"))
      var texts: Set<String> = []
      for model in [file, folder + "/mine", "small"] {
        let result = try Program.run(
          ["generate", "--greedy", "--max-new-tokens", "4", "--model", model, "The cat"],
          environment: user)
        #expect(result.code == 0, "\(result.error)")
        texts.insert(result.out)
      }
      #expect(texts.count == 1)
      let tokens = try Program.run(["tokenize", "--model", file, "The cat"], environment: user)
      #expect(tokens.out.contains("<s>") && tokens.code == 0)
      try writeFile(folder + "/broken.gguf", Array(try readFile(file).dropLast(1000)))
      let broken = try Program.run(
        ["models", "add", "broken", folder + "/broken.gguf"], environment: user)
      #expect(broken.code == 65 && broken.error.contains("is it complete?"))
      #expect(try namesInFolder(folder + "/data/attnviz/models") == ["small"])
    }
  }

  @Test(
    arguments: [
      (["add", "a/b", "x"], 64), (["add", "unknown"], 64), (["remove", "none"], 66),
      (["default", "none"], 66), (["info", "org/none"], 66), (["add", "x", "./none"], 66),
      (["add", "minilm"], 69), (["nonsense", "x"], 64),
    ] as [([String], Int32)])
  func failsWithTheContractsCodes(words: [String], code: Int32) throws {
    try withUser { user, _ in
      let result = try Program.run(["models"] + words, environment: user)
      #expect(result.code == code, "\(result.error)")
      #expect(result.out.isEmpty)
      #expect(!result.error.isEmpty)
    }
  }

  /// An interrupt ends pip, even one that does not listen, and leaves nothing behind.
  @Test func leavesNothingWhenInterrupted() throws {
    let pip = """
      trap '' INT TERM
      beats=$(dirname "$0")/beats
      while [ "$1" != --dest ]; do shift; done
      echo part > "$2/part"
      while :; do sleep 0.05; echo beat >> "$beats"; done
      """
    try withUser(pip: pip) { user, folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Program.path)
      process.arguments = ["models", "add", "minilm"]
      process.environment = ProcessInfo.processInfo.environment.merging(user) { $1 }
      process.standardError = FileHandle.nullDevice
      try process.run()
      let models = folder + "/data/attnviz/models"
      for _ in 0..<200 where sizeOfTree(folder + "/bin/beats") == 0 { usleep(50_000) }
      #expect(sizeOfTree(models) > 0)
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 143)
      #expect(try namesInFolder(models).isEmpty)
      let beats = sizeOfTree(folder + "/bin/beats")
      usleep(300_000)
      #expect(sizeOfTree(folder + "/bin/beats") == beats)
    }
  }
}
