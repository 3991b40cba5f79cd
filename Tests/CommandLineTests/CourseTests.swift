import Files
import Foundation
import TestSupport
import Testing

/// The course says what the program says: its figures are drawn again, its commands run, its sums
/// are worked out, and a number that comes from none of these may not stand in it.
@Suite struct CourseTests {
  private static let manifest = CoursePage.folder + "/figures.json"

  /// The manifest's entry of a picture.
  private static func entry(_ picture: String) throws -> JSON? {
    try Fixtures.json(manifest).elements?.first { entry in
      let output = entry["output"]
      let names = output?.string.map { [$0] } ?? output?.elements?.compactMap(\.string) ?? []
      return names.contains("figures/" + picture)
    }
  }

  /// The words of an SVG file.
  private static func words(_ picture: String) throws -> String {
    let text = String(
      decoding: try readFile(CoursePage.folder + "/figures/" + picture), as: UTF8.self)
    return text.replacing(/<[^>]*>/, with: " ")
  }

  @Test func noFigureHasDrifted() throws {
    let result = try Program.run(["figures", Self.manifest, "--check"])
    #expect(result.code == 0, "\(result.out)\(result.error)")
  }

  @Test func everyPictureIsShown() throws {
    let shown = try CoursePage.names.flatMap { name in
      try CoursePage(name).pictures.flatMap { [$0.light, $0.dark ?? ""] }
    }
    let stored = try namesInFolder(CoursePage.folder + "/figures").filter { $0.hasSuffix(".svg") }
    #expect(Set(shown) == Set(stored))
  }

  @Test(arguments: CoursePage.names) func everyChapterIsWhole(name: String) throws {
    let page = try CoursePage(name)
    let prose = page.prose.joined(separator: "\n")
    #expect(page.prose.first?.hasPrefix("# ") == true)
    #expect(prose.contains("\n> "), "it opens with a question")
    for heading in ["## Predict before you run", "## Commands", "## Sources"] {
      #expect(prose.contains(heading), "\(heading)")
    }
    #expect(prose.contains("<details><summary>Answer</summary>"))
    #expect(page.pictures.count >= 2)
    for picture in page.pictures {
      #expect(picture.dark != nil && picture.words.count > 20, "\(picture.light)")
      for name in [picture.light, picture.dark ?? picture.light] {
        #expect(try Self.entry(name) != nil, "\(name) is in the manifest")
      }
    }
  }

  @Test(arguments: CoursePage.names) func commandsPrintWhatThePageSays(name: String) throws {
    try withTemporaryFolder { folder in
      for call in try CoursePage(name).calls {
        let result = try Program.run(call.arguments, in: folder)
        #expect(result.code == 0, "\(call.line): \(result.error)")
        var printed = result.out.components(separatedBy: "\n").map(\.trimmedEnd)
        while printed.last == "" { printed.removeLast() }
        let isCut = call.output.last == "…"
        let expected = (isCut ? call.output.dropLast() : call.output[...]).map(\.trimmedEnd)
        let found = isCut ? Array(printed.prefix(expected.count)) : printed
        #expect(found == expected, "\(call.line)")
      }
    }
  }

  @Test(arguments: CoursePage.names) func sumsAreRight(name: String) throws {
    for block in try CoursePage(name).blocks where block.kind == "calculation" {
      for line in block.lines where line.contains(" = ") {
        let sum = try #require(Calculation(line), "\(line)")
        #expect(sum.isRight, "\(line): \(sum.value)")
      }
    }
  }

  @Test(arguments: CoursePage.names) func everyNumberComesFromSomewhere(name: String) throws {
    let page = try CoursePage(name)
    var known = Set(page.calls.flatMap { $0.output + [$0.line] }.flatMap(\.numbersWithPoint))
    known.formUnion(
      page.blocks.filter { $0.kind == "calculation" }.flatMap(\.lines).flatMap(\.numbersWithPoint))
    var quotes: [(is: Double, within: Double)] = []
    for picture in page.pictures {
      known.formUnion(try Self.words(picture.light).numbersWithPoint)
      quotes += (try Self.entry(picture.light)?["quotes"]?.elements ?? []).map {
        ($0["is"]?.number ?? .nan, $0["within"]?.number ?? 0)
      }
    }
    let values = Set(known.compactMap(Double.init))
    for number in page.numbers where !known.contains(number) {
      let value = try #require(Double(number))
      #expect(
        values.contains(value) || quotes.contains { abs(abs($0.is) - value) <= $0.within },
        "\(number) comes from no figure, quote, command or sum of the page")
    }
  }

  @Test func sumsAreWorkedOut() throws {
    #expect(Calculation("(3 + 4) / √2 = 4.95")?.isRight == true)
    #expect(Calculation("1.5 × −2 + 3² = 6")?.isRight == true)
    #expect(Calculation("exp(1.2) / (exp(1.2) + exp(−.3)) = .82")?.isRight == true)
    #expect(Calculation("exp(1.2) / (exp(1.2) + exp(−.3)) = .83")?.isRight == false)
    #expect(Calculation("a line of words") == nil)
    #expect("from .64 to 0.25, L3.2x, v1.2.3, 12.5 %".numbersWithPoint == [".64", "0.25", "12.5"])
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    String(reversed().drop(while: \.isWhitespace).reversed())
  }
}
