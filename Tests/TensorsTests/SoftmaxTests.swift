import Foundation
import Tensors
import Testing

@Suite struct SoftmaxTests {
  /// Rows of every length up to two vectors of 16, so that every tail of the kernels runs.
  static let lengths = Array(1...33) + [100, 511]

  static func scores(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + 13) % 1009) / 50 - 10 }
  }

  @Test(arguments: lengths)
  func agreesWithDoublePrecision(count: Int) {
    let scores = Self.scores(count)
    let found = Tensor(scores, shape: [1, count]).softmax().numbers
    let top = Double(scores.max() ?? 0)
    let powers = scores.map { exp(Double($0) - top) }
    let sum = powers.reduce(0, +)
    for (weight, power) in zip(found, powers) {
      #expect(abs(Double(weight) - power / sum) < 2e-7)
    }
  }

  @Test(arguments: [0.1, 0.5, 2, 100])
  func dividesByTheTemperature(tau: Double) {
    let scores = Self.scores(23)
    let found = Tensor(scores, shape: [23]).softmax(temperature: tau).numbers
    let powers = scores.map { exp((Double($0) - Double(scores.max() ?? 0)) / tau) }
    let sum = powers.reduce(0, +)
    for (weight, power) in zip(found, powers) {
      #expect(abs(Double(weight) - power / sum) < 1e-6)
    }
  }

  @Test func temperatureOneIsThePlainSoftmaxBitForBit() {
    let scores = Tensor(Self.scores(300), shape: [10, 30])
    #expect(scores.softmax(temperature: 1) == scores.softmax())
  }

  @Test func temperatureZeroSharesTheMassAmongTies() {
    let weights = Tensor([1, 3, 3, -2], shape: [4]).softmax(temperature: 0)
    #expect(weights.numbers == [0, 0.5, 0.5, 0])
  }

  @Test func infiniteTemperatureIsUniformOverWhatIsAllowed() {
    let mask = KeyRanges([0..<2])
    let weights = Tensor([5, 1, 9], shape: [1, 1, 3]).softmax(temperature: .infinity, mask: mask)
    #expect(weights.numbers == [0.5, 0.5, 0])
  }

  @Test func maskedKeysGetExactlyZero() {
    let scores = Tensor(Self.scores(2 * 25), shape: [2, 5, 5])
    let weights = scores.softmax(mask: .causal(queries: 5, keys: 5))
    for head in 0..<2 {
      for query in 0..<5 {
        let row = (0..<5).map { weights[head, query, $0] }
        #expect(row[(query + 1)...].allSatisfy { $0 == 0 })
        #expect(abs(row.reduce(0, +) - 1) < 1e-6)
      }
    }
  }

  /// Scores of −110,208 occur in real models: an additive mask of −10⁵ would let them through.
  @Test func masksDoNotDependOnTheSizeOfScores() {
    let scores = Tensor([-110_208, 0, -110_208, -110_209], shape: [1, 2, 2])
    let weights = scores.softmax(mask: .causal(queries: 2, keys: 2))
    #expect(weights[0, 0, 0] == 1 && weights[0, 0, 1] == 0)
    #expect(weights[0, 1, 0] > 0.7)
  }

  @Test func aRowWithoutKeysIsAllZero() {
    let mask = KeyRanges([0..<0, 0..<2])
    let weights = Tensor([1, 2, 3, 4], shape: [1, 2, 2]).softmax(mask: mask)
    #expect(weights[0, 0, 0] == 0 && weights[0, 0, 1] == 0)
  }

  @Test func isTheSameForEveryNumberOfThreads() {
    let scores = Tensor(Self.scores(40 * 700), shape: [40, 700])
    let all = scores.softmax()
    Threads.use(1)
    defer { Threads.use(nil) }
    #expect(scores.softmax() == all)
  }

  /// One call with a τ for each head is what a call for each head gives.
  @Test func everyHeadHasItsOwnTemperature() {
    let scores = Tensor(Self.scores(4 * 3 * 7), shape: [4, 3, 7])
    let mask = KeyRanges.causal(queries: 3, keys: 7)
    let temperatures = [1, 0, .infinity, 0.3]
    let found = scores.softmax(temperatures: temperatures, mask: mask)
    for (head, tau) in temperatures.enumerated() {
      #expect(found.slice(head) == scores.slice(head).softmax(temperature: tau, mask: mask))
    }
    #expect(found.slice(0) == scores.softmax(mask: mask).slice(0))
  }

  /// Keys outside a window are 0, and the last query of a text in pieces sees what it sees at once.
  @Test func windowsEndAtTheQuery() {
    let mask = KeyRanges.causal(queries: 6, keys: 6, window: 3)
    for query in 0..<6 {
      for key in 0..<6 {
        #expect(mask.allows(query: query, key: key) == (key <= query && query - key < 3))
      }
    }
    #expect(KeyRanges.causal(queries: 2, keys: 6, window: 3).ranges == [2..<5, 3..<6])
    #expect(KeyRanges.causal(queries: 3, keys: 3, window: 9) == .causal(queries: 3, keys: 3))
    let weights = Tensor(Self.scores(36), shape: [1, 6, 6]).softmax(mask: mask)
    #expect(weights[0, 5, 2] == 0 && weights[0, 5, 3] > 0)
    #expect(abs(weights.slice(0).slice(5).numbers.reduce(0, +) - 1) < 1e-6)
  }

  @Test func nearKeysAreOnBothSides() {
    let mask = KeyRanges.near(6, reach: 2)
    for query in 0..<6 {
      for key in 0..<6 { #expect(mask.allows(query: query, key: key) == (abs(query - key) <= 2)) }
    }
  }
}
