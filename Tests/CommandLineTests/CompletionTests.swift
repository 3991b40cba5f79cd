import Files
import TestSupport
import Testing

/// What the tab key offers, asked of the shells themselves.
@Suite struct CompletionTests {
  /// A folder with the completion scripts, a store with a model, and files to choose from.
  struct Place {
    let folder: String
    let variables: [String: String]

    init(_ folder: String) throws {
      self.folder = folder
      for shell in ["bash", "zsh", "fish"] {
        let script = try Program.run(["--generate-completion-script", shell])
        try writeFile(folder + "/" + shell, script.out)
      }
      let bin = Program.path.split(separator: "/").dropLast().joined(separator: "/")
      variables = [
        "PATH": "/\(bin):" + (environment("PATH") ?? ""), "XDG_DATA_HOME": folder,
        "XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder, "HOME": folder,
      ]
      let added = try Program.run(
        ["models", "add", "mine", Program.model("bert")], environment: ["XDG_DATA_HOME": folder])
      #expect(added.code == 0, "\(added.error)")
      try createFolder(folder + "/files")
      for name in ["map.safetensors", "map.npz", "map.txt", "map.svg"] {
        try writeFile(folder + "/files/" + name, "x")
      }
    }

    /// What a shell prints.
    func output(_ shell: [String], _ script: String) throws -> [String] {
      let command = ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder + "/files"]
      let result = try #require(try runProgram(command + shell + [script], variables: variables))
      return result.output.split(separator: "\n").map(String.init)
    }
  }

  /// A line that ends where the tab key is pressed, and all that is offered.
  static let lines: [(words: [String], offered: [String])] = [
    (["exp"], ["explain"]),
    (["draw", "heatm"], ["heatmap"]),
    (["draw", "maxw"], ["maxwell-boltzmann"]),
    (["draw", "heatmap", "--palette", "vi"], ["viridis", "vik"]),
    (["draw", "heatmap", "--theme", "d"], ["dark"]),
    (["draw", "heatmap", "--against-l"], ["--against-layer"]),
    (["draw", "heatmap", "--model", "min"], ["mine"]),
    (["models", "remove", ""], ["mine"]),
    (["models", "add", "min"], ["minilm"]),
    (
      ["draw", "heatmap", "--model", "mine", "--layer", "L1H"],
      ["L1H0", "L1H1", "L1H2", "L1H3"]
    ),
    (["draw", "arcs", "-m", "mine", "--heads", "L0H2,L1H3"], ["L0H2,L1H3"]),
    (["draw", "heatmap", "--trace", "map."], ["map.npz", "map.safetensors"]),
    (["verify", "map."], ["map.svg", "map.txt"]),
  ]

  @Test(.enabled(if: has("bash"), "bash is not installed"))
  func bashOffers() throws {
    try withTemporaryFolder { folder in
      let place = try Place(folder)
      for (words, offered) in Self.lines {
        let all = (["attnviz"] + words).map { "'\($0)'" }
        let script = """
          source ../bash
          COMP_WORDS=(\(all.joined(separator: " "))); COMP_CWORD=\(words.count)
          COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
          _attnviz attnviz '\(words.last ?? "")' '\(words.dropLast().last ?? "attnviz")'
          printf '%s\\n' "${COMPREPLY[@]}"
          """
        let found = try place.output(["bash", "-c"], script).map(Self.trimmed)
        #expect(Set(found) == Set(offered), "\(words)")
      }
    }
  }

  @Test(
    .enabled(if: has("zsh") && has("python3"), "zsh or python3 is not installed"))
  func zshCompletes() throws { try complete("zsh") }

  @Test(
    .enabled(if: has("fish") && has("python3"), "fish or python3 is not installed"))
  func fishCompletes() throws { try complete("fish") }

  /// Types every line that has one end into a shell, and a tab.
  private func complete(_ shell: String) throws {
    try withTemporaryFolder { folder in
      let place = try Place(folder)
      try createFolder(folder + "/own")
      for (words, offered) in Self.lines where offered.count == 1 {
        let line = (["attnviz"] + words).joined(separator: " ")
        let program = Fixtures.folder + "/completion/tab.py"
        let call = ["python3", program, shell, folder + "/" + shell, folder + "/own", line]
        let result = try #require(try runProgram(call, variables: place.variables))
        let expected = (["attnviz"] + words.dropLast() + [offered[0]]).joined(separator: " ")
        #expect(Self.trimmed(result.output) == expected, "\(words)")
      }
    }
  }

  /// Completion must not be felt: the parameters of a model are not read.
  @Test func layersAreKnownWithoutTheParameters() throws {
    try withTemporaryFolder { folder in
      let config = try readFile(Program.model("bert") + "/config.json")
      try writeFile(folder + "/config.json", config)
      let result = try Program.run(
        ["---completion", "draw", "--", "--layer", "6", "2", "attnviz", "draw", "heatmap"]
          + ["--model", folder, "--layer", "L1"],
        environment: ["SAP_SHELL": "bash"])
      #expect(result.code == 0, "\(result.error)")
      #expect(result.out.contains("L1H3"))
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  private static func has(_ program: String) -> Bool {
    ((try? runProgram(["which", program])) ?? nil)?.output.isEmpty == false
  }
}
