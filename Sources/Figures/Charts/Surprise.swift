#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A text with the surprise −ln p of every token: how improbable the model found what really came
/// next.
public struct Surprise: Figure {
  /// What a model said before it saw a token.
  public struct Prediction: Equatable, Sendable {
    /// The surprise −ln p of the real token, in nats.
    public var surprise: Double
    /// The place of the real token among all, 1 for the most probable one.
    public var rank: Int
    /// The most probable token.
    public var expected: TokenProbability

    /// Creates a prediction.
    public init(surprise: Double, rank: Int, expected: TokenProbability) {
      self.surprise = surprise
      self.rank = rank
      self.expected = expected
    }

    /// The probability of the real token.
    var probability: Double { exp(-surprise) }
  }

  /// A token of the text.
  public struct Position: Equatable, Sendable {
    /// The token.
    public var token: TokenLabel
    /// What was predicted; `nil` for the first token, which no row predicts.
    public var prediction: Prediction?

    /// Creates a position.
    public init(_ token: TokenLabel, _ prediction: Prediction? = nil) {
      self.token = token
      self.prediction = prediction
    }
  }

  /// Its name in the catalogue.
  public static let name = "surprise"

  /// The words around the picture. Where `summary` is empty, the figure writes one.
  public var caption: Caption
  /// The tokens in reading order.
  public var positions: [Position]
  /// How many tokens the model knows.
  public var vocabulary: Int

  /// Creates a figure.
  public init(caption: Caption, positions: [Position], vocabulary: Int) {
    self.caption = caption
    self.positions = positions
    self.vocabulary = vocabulary
  }

  /// Lays the text out.
  public func scene(in style: Style) -> Scene { SurpriseLayout(self, in: style).scene() }
}

extension Surprise {
  /// Nats in bits.
  static func bits(_ nats: Double) -> Double { nats / log(2.0) }

  /// The positions that were predicted.
  var predicted: [Int] { positions.indices.filter { positions[$0].prediction != nil } }

  /// The surprise at a position; 0 where nothing was predicted.
  func surprise(_ index: Int) -> Double { positions[index].prediction?.surprise ?? 0 }

  /// The sum over the text, in nats.
  var total: Double { predicted.reduce(0) { $0 + surprise($1) } }

  /// The mean of the predicted tokens, in nats; `nil` when there are none.
  var mean: Double? { predicted.isEmpty ? nil : total / Double(predicted.count) }

  /// How many tokens were the model's first choice.
  var hits: Int { positions.filter { $0.prediction?.rank == 1 }.count }

  /// The positions with the most surprising tokens, the most surprising first: at most half of a
  /// short text, 5 of a longer one, 8 from 100 tokens; none that was the model's first choice.
  var top: [Int] {
    let count = predicted.count
    let order = predicted.filter { positions[$0].prediction?.rank != 1 }
      .sorted { (surprise($0), $1) > (surprise($1), $0) }
    return Array(order.prefix(min(count >= 100 ? 8 : 5, (count + 1) / 2)))
  }

  /// The picture in words.
  var summary: String {
    let count = Ribbon.counted(positions.count, "token")
    guard let mean else { return "A text of \(count), none of them predicted." }
    var sentences = [
      "A text of \(count), \(NumberFormat.count(predicted.count)) of them predicted: mean surprise "
        + "\(NumberFormat.nats(mean)) nats (\(NumberFormat.nats(Self.bits(mean))) bits), perplexity "
        + "\(NumberFormat.perplexity(mean)); \(NumberFormat.count(hits)) of them the model’s first "
        + "choice."
    ]
    sentences += top.compactMap { index in
      positions[index].prediction.map { prediction in
        let expected = prediction.expected
        return "Position \(index), \(positions[index].token.text): "
          + "\(NumberFormat.nats(prediction.surprise)) nats, rank "
          + "\(NumberFormat.count(prediction.rank)); expected \(expected.token.text) with "
          + "\(NumberFormat.probability(expected.probability, isExact: false))."
      }
    }
    return sentences.joined(separator: " ")
  }
}
