import Files
import Foundation
import TestSupport
import Testing

/// `make install` and `make uninstall`, by the scripts that they call.
@Suite struct InstallTests {
  private static let root = Fixtures.folder + "/../.."

  private func script(_ name: String, _ prefix: String) throws -> ProgramResult {
    let command = ["sh", "-c", "cd \"$1\" && scripts/\(name) \"$2\"", "sh", Self.root, prefix]
    return try #require(try runProgram(command, variables: ["PROGRAM": Program.path]))
  }

  /// Everything below a folder, folders with a slash.
  private func tree(_ folder: String) -> Set<String> {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return Set(names.map { folderExists(folder + "/" + $0) ? $0 + "/" : $0 })
  }

  @Test(.enabled(if: hasStrip, "strip is not installed"))
  func whatIsInstalledIsRemovedAndNothingElse() throws {
    try withTemporaryFolder { folder in
      // A folder that is empty and one that is not, both there before.
      try createFolder(folder + "/bin")
      try createFolder(folder + "/share/man/man1")
      try writeFile(folder + "/share/man/man1/other.1", "x")
      let before = tree(folder)
      let installed = try script("install", folder)
      #expect(installed.code == 0, "\(installed.output)")
      let there = tree(folder)
      for file in [
        "bin/attnviz", "share/man/man1/attnviz.1", "share/man/man1/attnviz-draw.1",
        "share/bash-completion/completions/attnviz", "share/zsh/site-functions/_attnviz",
        "share/fish/vendor_completions.d/attnviz.fish",
      ] { #expect(there.contains(file), "\(file)") }
      #expect(!there.contains { $0.hasSuffix(".partial") })
      let version = try #require(try runProgram([folder + "/bin/attnviz", "--version"]))
      #expect(version.output == (try Program.run(["--version"]).out))

      // A page that the next version does not have goes with it; installing twice changes nothing.
      let list = folder + "/share/attnviz/installed"
      try writeFile(folder + "/share/man/man1/attnviz-old.1", "x")
      let listed = String(decoding: try readFile(list), as: UTF8.self)
      try writeFile(list, listed + "share/man/man1/attnviz-old.1\n")
      #expect(try script("install", folder).code == 0)
      #expect(tree(folder) == there)
      #expect(String(decoding: try readFile(list), as: UTF8.self) == listed)

      let removed = try script("uninstall", folder)
      #expect(removed.code == 0, "\(removed.output)")
      #expect(tree(folder) == before)
      #expect(try script("uninstall", folder).code == 66)
    }
  }

  @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
    let result = try script("install", "/proc/attnviz")
    #expect(result.code == 77)
    #expect(result.output.contains("make install PREFIX="))
  }

  private static var hasStrip: Bool {
    ((try? runProgram(["strip", "--version"])) ?? nil)?.code == 0
  }
}
