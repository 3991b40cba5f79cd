import Files
import TestSupport
import Tensors
import Testing

@Suite struct RandomNumbersTests {
  /// The first outputs that are published for SplitMix64 with the seed 1234567.
  @Test func fillsAsPublished() {
    var filler = SplitMix64(state: 1_234_567)
    let found = (0..<5).map { _ in filler.next() }
    #expect(
      found == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  /// The first outputs that are published for xoshiro256** with the state 1, 2, 3, 4.
  @Test func mixesAsPublished() {
    var random = RandomNumbers(state: (1, 2, 3, 4))
    let found = (0..<10).map { _ in random.next() }
    #expect(
      found == [
        11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
        607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
        10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
      ])
  }

  /// Outputs 998 to 1000 of a seed, from a program of its own (Fixtures/sampling).
  @Test func runsLikeAnotherProgram() throws {
    let json = try Fixtures.json(Fixtures.folder + "/sampling/expected.json")
    let cases = try #require(json["random"]?.elements)
    #expect(cases.count == 4)
    for item in cases {
      let seed = try #require(item["seed"]?.string.flatMap { UInt64($0) })
      var random = RandomNumbers(seed: seed)
      let found = (0..<1000).map { _ in random.next() }
      #expect(found.suffix(3).map { .string("\($0)") } == item["outputs"]?.elements)
    }
  }

  @Test func uniformNumbersFillTheInterval() {
    var random = RandomNumbers(seed: 3)
    let numbers = (0..<20_000).map { _ in random.uniform() }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = numbers.reduce(0, +) / 20_000
    let variance = numbers.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / 20_000
    #expect(abs(mean - 0.5) < 0.008 && abs(variance - 1 / 12.0) < 0.003)
  }
}
