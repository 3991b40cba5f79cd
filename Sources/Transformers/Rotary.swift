#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// How a layer turns queries and keys by their position.
public struct Rotary: Sendable, Hashable {
  /// What becomes of the frequencies for texts that are longer than those of the training.
  public enum Scaling: Sendable, Hashable {
    /// Nothing.
    case none
    /// All are divided by a number (Chen et al. 2023).
    case linear(Double)
    /// Each is divided by its own number.
    case divided([Double])
    /// The base grows with the text from `length` tokens on.
    case dynamic(factor: Double, length: Int)
    /// Slow ones are divided, fast ones kept (Llama Team 2024).
    case llama3(factor: Double, low: Double, high: Double, length: Int)
    /// The same with a ramp between two numbers of turns (Peng et al. 2023).
    case yarn(YaRN)
    /// Each is divided by its own number, another one beyond `length` tokens (Ding et al. 2024).
    case long(short: [Double], long: [Double], length: Int, factor: Double)
  }

  /// The numbers of YaRN (Peng et al. 2023, §3).
  public struct YaRN: Sendable, Hashable {
    /// What slow frequencies are divided by.
    public var factor: Double
    /// The tokens of the training.
    public var length: Int
    /// Turns within the training from which on a frequency is kept.
    public var fast: Double = 32
    /// Turns up to which a frequency is divided.
    public var slow: Double = 1
    /// Whether the ends of the ramp are whole numbers.
    public var isTruncated: Bool = true
    /// What queries and keys are multiplied by.
    public var attentionFactor: Double
  }

  /// How many of a head's dimensions are turned; those behind them stay.
  public var width: Int
  /// θ: pair i of `width` dimensions turns by θ^(−2i/width) a position.
  public var base: Double
  /// What becomes of the frequencies for long texts.
  public var scaling: Scaling

  /// Creates a way of turning.
  public init(width: Int, base: Double, scaling: Scaling = .none) {
    self.width = width
    self.base = base
    self.scaling = scaling
  }

  /// What the turned dimensions are multiplied by.
  public var factor: Double {
    switch scaling {
    case .yarn(let yarn): yarn.attentionFactor
    case .long(_, _, _, let factor): factor
    default: 1
    }
  }

  /// The angle of every pair from one position to the next, in a text of so many tokens.
  public func frequencies(tokens: Int) -> [Double] {
    let own = frequencies(base: base)
    switch scaling {
    case .none: return own
    case .linear(let factor): return own.map { $0 / factor }
    case .divided(let divisors): return zip(own, divisors).map { $0 / $1 }
    case .dynamic(let factor, let length):
      let growth = factor * Double(max(tokens, length)) / Double(length) - (factor - 1)
      return frequencies(base: base * pow(growth, Double(width) / Double(width - 2)))
    case .llama3(let factor, let low, let high, let length):
      return own.map { frequency in
        let turns = Double(length) * frequency / (2 * .pi)
        let kept = min(max((turns - low) / (high - low), 0), 1)
        return (1 - kept) * frequency / factor + kept * frequency
      }
    case .yarn(let yarn):
      return zip(own, yarn.ramp(width: width, base: base)).map { frequency, ramp in
        frequency / yarn.factor * ramp + frequency * (1 - ramp)
      }
    case .long(let short, let long, let length, _):
      return zip(own, tokens > length ? long : short).map { $0 / $1 }
    }
  }

  /// Whether keys that were turned in a text of `count` tokens are good in one of `other`.
  func isSame(_ count: Int, _ other: Int) -> Bool {
    switch scaling {
    case .dynamic(_, let length): max(count, length) == max(other, length)
    case .long(_, _, let length, _): (count > length) == (other > length)
    default: true
    }
  }

  /// What LongRoPE multiplies queries and keys by, unless it is said (Ding et al. 2024, §3.4).
  static func longFactor(_ factor: Double, length: Int) -> Double {
    factor <= 1 ? 1 : (1 + log(factor) / log(Double(length))).squareRoot()
  }

  private func frequencies(base: Double) -> [Double] {
    (0..<width / 2).map { pow(base, -2 * Double($0) / Double(width)) }
  }
}

extension Configuration {
  /// Whether every layer turns its keys alike in texts of `count` and of `other` tokens.
  func turnsAlike(_ count: Int, _ other: Int) -> Bool {
    count == 0 || Set(rotary).allSatisfy { $0?.isSame(count, other) ?? true }
  }
}

extension Rotary.YaRN {
  /// What YaRN multiplies queries and keys by, unless it is said (Peng et al. 2023, eq. 22).
  static func attentionFactor(_ factor: Double, scale: Double = 1) -> Double {
    factor <= 1 ? 1 : 0.1 * scale * log(factor) + 1
  }

  /// How far each pair is divided: 0 for not at all, 1 for wholly.
  func ramp(width: Int, base: Double) -> [Double] {
    func pair(turning turns: Double) -> Double {
      Double(width) * log(Double(length) / (turns * 2 * .pi)) / (2 * log(base))
    }
    let (start, end) = (pair(turning: fast), pair(turning: slow))
    let low = max(isTruncated ? start.rounded(.down) : start, 0)
    var high = min(isTruncated ? end.rounded(.up) : end, Double(width - 1))
    if low == high { high += 0.001 }
    return (0..<width / 2).map { min(max((Double($0) - low) / (high - low), 0), 1) }
  }
}
