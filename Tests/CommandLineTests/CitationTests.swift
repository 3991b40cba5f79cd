import Files
import TestSupport
import Testing

/// `CITATION.cff` is of this version and is YAML that can be read.
@Suite struct CitationTests {
  private static let path = Fixtures.folder + "/../../CITATION.cff"

  @Test func itIsOfThisVersion() throws {
    let text = String(decoding: try readFile(Self.path), as: UTF8.self)
    let version = try Program.run(["--version"]).out.split(separator: "\n").first ?? ""
    #expect(text.contains("\nversion: \"\(version)\"\n"))
  }

  /// The keys that the format requires, by its schema of version 1.2.0.
  @Test(.enabled(if: hasYAML, "python3 with PyYAML is not installed"))
  func itIsWhole() throws {
    let check = """
      import sys, yaml
      facts = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
      assert facts["cff-version"] == "1.2.0" and facts["type"] == "software", facts
      assert all(isinstance(facts[key], str) for key in ("message", "title", "version")), facts
      assert facts["authors"] == [{"name": "The attnviz contributors"}], facts["authors"]
      assert facts["license"] == "Apache-2.0", facts["license"]
      """
    let result = try #require(try runProgram(["python3", "-c", check, Self.path]))
    #expect(result.code == 0, "\(result.output)")
  }

  private static var hasYAML: Bool {
    ((try? runProgram(["python3", "-c", "import yaml"])) ?? nil)?.code == 0
  }
}
