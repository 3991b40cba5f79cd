import Explanations
import Files
import Tensors
import Testing
import Transformers

@Suite struct WalkJSONTests {
  @Test(arguments: ["bert", "gpt2", "letters"])
  func everyPageIsReadAgain(name: String) throws {
    let walk = try WalkSamples.walk(name)
    let pages = try walk.stations.map { try walk.page(of: $0, focus: walk.start(of: $0.stack)) }
    let json = walk.json(of: pages, edits: .null)
    let read = try JSON(parsing: Array(json.text().utf8), path: "walk")
    #expect(read["schema"] == "attnviz.walk/1")
    let stations = try #require(read["stations"]?.elements)
    #expect(stations.compactMap { $0["station"]?.string } == walk.stations.map(\.id))
    let weights = try #require(stations.first { $0["kind"] == "weights" })
    let row = try #require(weights["numbers"]?["weights"]?.elements).compactMap(\.number)
    #expect(abs(row.reduce(0, +) - 1) < 1e-5)
    for station in stations {
      #expect(station["happens"]?.string?.isEmpty == false)
      #expect(station["numbers"]?.members?.isEmpty == false)
    }
  }

  @Test func numbersAreThoseOfTheRun() throws {
    let walk = try WalkSamples.walk("gpt2")
    let page = try walk.page(of: Station(.projected, layer: 0), focus: Focus(token: 2))
    let output = try #require(page.json["numbers"]?["output"]?.elements).compactMap(\.number)
    let recorded = try #require(walk.run.trace[.attentionOutput, layer: 0]).rows(2..<3).numbers
    #expect(output == recorded.map(Double.init))
  }
}
