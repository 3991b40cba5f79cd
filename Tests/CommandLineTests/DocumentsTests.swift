import Files
import Foundation
import TestSupport
import Testing

/// The documentation keeps its word: links lead somewhere, and code runs.
///
/// What a block needs stands after its language, on the opening fence: nothing for those that run
/// without network and with the models in the program, `model` (stored models), `network`, `long`,
/// `sketch` (files of the reader's), `called` (another test calls it with arguments); after `python`
/// also the names of modules. The blocks of a page run in their order, in one folder.
@Suite struct DocumentsTests {
  private static let marks: Set<String> = ["model", "network", "long", "sketch", "called"]

  @Test(arguments: DocumentPage.all)
  func linksLeadSomewhere(page: DocumentPage) {
    let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
    for (line, target) in page.targets where !target.contains("://") && !target.hasPrefix("mailto:")
    {
      let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let path = parts[0].isEmpty ? page.path : (folder.isEmpty ? "" : folder + "/") + parts[0]
      let full = DocumentPage.root + "/" + path
      #expect(fileExists(full) || folderExists(full), "\(page.path):\(line): \(target)")
      if parts.count == 2 {
        let other = DocumentPage(path: path)
        #expect(other.anchors.contains(String(parts[1])), "\(page.path):\(line): \(target)")
      }
    }
  }

  @Test func anchorsAreThoseOfGitHub() throws {
    try withTemporaryFolder { folder in
      try writeFile(
        folder + "/a.md", "# The *one* tool: why?\n\n## q·k/√d\n\n## The_end\n\n## The_end\n")
      let up = DocumentPage.root.split(separator: "/").map { _ in ".." }.joined(separator: "/")
      let page = DocumentPage(path: up + folder + "/a.md")
      #expect(page.anchors == ["the-one-tool-why", "qkd", "the_end", "the_end-1"])
    }
  }

  @Test(arguments: DocumentPage.all)
  func fencesSayWhatTheyHold(page: DocumentPage) {
    for block in page.blocks {
      let place = "\(page.path):\(block.line)"
      let isCall = block.code.split(separator: "\n").contains { $0.hasPrefix("attnviz ") }
      #expect(!block.language.isEmpty || !isCall, "\(place): a command in a fence without sh")
      if block.language == "sh" {
        #expect(Self.marks.isSuperset(of: block.marks), "\(place): \(block.marks)")
      }
    }
  }

  // MARK: running

  private static func has(_ language: String, _ page: DocumentPage) -> Bool {
    page.blocks.contains { $0.language == language && $0.marks.allSatisfy { !marks.contains($0) } }
  }

  private static let plain = DocumentPage.all.filter { has("sh", $0) && !has("python", $0) }
  private static let withPrograms = DocumentPage.all.filter { has("python", $0) }
  private static let modules = Set(
    withPrograms.flatMap { $0.blocks.filter { $0.language == "python" }.flatMap(\.marks) }
  ).subtracting(marks)

  @Test(arguments: plain)
  func commandsRun(page: DocumentPage) throws {
    try run(page) { $0.language == "sh" && $0.marks.isEmpty }
  }

  @Test(.enabled(if: python([]) != nil, "python3 is not installed"), arguments: withPrograms)
  func commandsAndProgramsRun(page: DocumentPage) throws {
    try run(page) { ["sh", "python"].contains($0.language) && $0.marks.isEmpty }
  }

  @Test(
    .enabled(if: python(modules) != nil, "Python with NumPy and safetensors is not installed"),
    arguments: withPrograms)
  func programsThatNeedModulesRun(page: DocumentPage) throws {
    try run(page) {
      $0.language == "sh" ? $0.marks.isEmpty : Self.marks.isDisjoint(with: $0.marks)
    }
  }

  @Test(
    .enabled(
      if: environment("ATTNVIZ_DOCS") == "all", "blocks of stored models: ATTNVIZ_DOCS=all"),
    arguments: DocumentPage.all.filter { $0.blocks.contains { $0.marks.contains("model") } })
  func commandsOfStoredModelsRun(page: DocumentPage) throws {
    try run(page, ownStore: false) { $0.language == "sh" && $0.marks == ["model"] }
  }

  @Test(
    .disabled("blocks that need the network, a long time or files of the reader's are not run"),
    arguments: DocumentPage.all.flatMap { page in
      page.blocks.filter { !Set($0.marks).isDisjoint(with: ["network", "long", "sketch"]) }
        .map { "\(page.path):\($0.line) \($0.marks.joined(separator: " "))" }
    })
  func blocksThatAreNotRun(block: String) {}

  /// Runs the blocks of a page in their order, up to the first that fails.
  private func run(
    _ page: DocumentPage, ownStore: Bool = true, where isChosen: (DocumentPage.Block) -> Bool
  ) throws {
    try withTemporaryFolder { folder in
      let bin = Program.path.split(separator: "/").dropLast().joined(separator: "/")
      var variables = ["PATH": "/\(bin):" + (environment("PATH") ?? ""), "COLUMNS": "100"]
      if ownStore {
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] { variables[name] = folder }
      }
      try createFolder(folder + "/work")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/work/docs", withDestinationPath: DocumentPage.root + "/docs")
      for block in page.blocks where isChosen(block) {
        let program =
          block.language == "sh" ? ["sh", "-eu"] : [Self.python(Set(block.marks)) ?? "python3"]
        try writeFile(folder + "/block", block.code)
        let call = ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder + "/work"]
        let result = try #require(
          try runProgram(call + program + [folder + "/block"], variables: variables))
        try #require(result.code == 0, "\(page.path):\(block.line): \(result.output)")
      }
    }
  }

  /// A Python that has some modules: `ATTNVIZ_PYTHON`, that of the benchmarks, or the first in PATH.
  private static func python(_ modules: Set<String>) -> String? {
    let own = environment("HOME").map { $0 + "/.cache/attnviz/bench-env/bin/python" }
    let test = modules.isEmpty ? "pass" : "import " + modules.sorted().joined(separator: ", ")
    return [environment("ATTNVIZ_PYTHON"), own, "python3"].compactMap(\.self).first { path in
      ((try? runProgram([path, "-c", test])) ?? nil)?.code == 0
    }
  }
}
