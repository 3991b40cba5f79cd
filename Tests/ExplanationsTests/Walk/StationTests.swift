import Explanations
import Testing
import Transformers

@Suite struct StationTests {
  @Test(arguments: [
    "text", "tokens", "L3.queries", "encoder.L0.scores", "decoder.L1.cross.weights", "logits",
    "decoder.next", "L12.add-feed-forward", "encoder.embedding", "final-norm",
  ])
  func idsAreRead(id: String) throws {
    let station = try #require(Station(id: id))
    #expect(station.id == id && station.description == id)
  }

  @Test(arguments: [
    "", "L3", "queries", "L3.logits", "L.queries", "L-1.queries", "L03.queries", "l3.queries",
    "cross.L1.weights", "decoder.L1.cross.feed-forward", "encoder.L1.cross.weights", "L1.weights.",
    "sole.L1.weights", "L99999999999999999999.weights", ".tokens", "decoder.cross.L1.weights",
  ])
  func otherTextsAreNone(id: String) { #expect(Station(id: id) == nil) }

  @Test(arguments: WalkSamples.names)
  func everyStopOfAWalkHasAnIdOfItsOwn(name: String) throws {
    let walk = try WalkSamples.walk(name)
    #expect(Set(walk.stations.map(\.id)).count == walk.stations.count)
    for (place, station) in walk.stations.enumerated() {
      #expect(Station(id: station.id) == station && walk.place(of: station) == place)
    }
  }
}
