import Explanations
import Figures
import Files
import Testing

@Suite struct ExplanationBesideTests {
  private static let text = "The cat didn't cross the river."

  private func beside() throws -> (Explanation, [Explanation.Part]) {
    let parts = try ["bert", "gpt2"].map { name in
      Explanation.Part(model: name, try ExplainerTests.explain(name, Self.text).0)
    }
    let figure = try #require(parts[0].explanation.figures.first)
    let drawn = Explanation.Drawn(name: "side-by-side", figure: figure.figure, caption: "Both.")
    return (
      Explanation(parts, of: Self.text, comparing: drawn, note: "Both are small."), parts
    )
  }

  /// Every section and figure of each model is there once, under its model's name.
  @Test func holdsBothWhole() throws {
    let (whole, parts) = try beside()
    #expect(whole.title == "What bert and gpt2 do with “\(Self.text)”")
    let sections = parts.reduce(0) { $0 + $1.explanation.sections.count }
    #expect(whole.sections.count == 1 + sections)
    for part in parts {
      let own = whole.sections.filter { $0.heading.hasPrefix("\(part.model): ") }
      #expect(own.count == part.explanation.sections.count)
      #expect(
        own.flatMap(\.blocks).count == part.explanation.sections.flatMap(\.blocks).count)
    }
    let names = whole.figures.map(\.name)
    #expect(names.count == Set(names).count)
    let expected = parts.flatMap { part in
      part.explanation.figures.map { "\(part.model)-\($0.name)" }
    }
    #expect(names == ["side-by-side"] + expected)
  }

  /// What the table says is what the facts say.
  @Test func comparesTheStrongestLinks() throws {
    let (whole, parts) = try beside()
    guard case .table(let header, let rows) = whole.sections[0].blocks[1] else {
      Issue.record("no table")
      return
    }
    #expect(header == ["", "bert", "gpt2"])
    #expect(rows.allSatisfy { $0.count == 3 })
    for (column, part) in parts.enumerated() {
      let facts = part.explanation.facts
      let link = try #require(facts["links"]?[0])
      let tokens = try #require(facts["tokens"]?.elements).compactMap(\.string)
      let (query, key) = (link["query"]?.integer ?? 0, link["key"]?.integer ?? 0)
      let place = "L\(link["layer"]?.integer ?? -1)H\(link["head"]?.integer ?? -1)"
      let cells = rows.map { $0[column + 1].map(\.bare).joined() }
      #expect(cells[1] == "\(tokens.count)")
      #expect(cells[2] == "\(tokens[query]) → \(tokens[key]) in \(place)")
      #expect(cells[3] == NumberFormat.weight(link["weight"]?.number ?? 0))
    }
  }

  @Test func namesBothTraces() throws {
    let (whole, _) = try beside()
    #expect(whole.traces == ["trace-bert.safetensors", "trace-gpt2.safetensors"])
    #expect(whole.html { _ in "" }.contains("<code>trace-gpt2.safetensors</code>"))
    let runs = try #require(whole.json["run"]?["runs"]?.elements)
    #expect(runs.map { $0["trace"]?.string } == whole.traces)
    #expect(runs.map { $0["model"] } == ["bert", "gpt2"])
  }
}
