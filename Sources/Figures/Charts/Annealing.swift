/// A generation whose temperature follows a schedule: τ, the entropy of what was sampled from
/// beside the model's own, and the tokens, on one grid of steps.
///
/// More steps than have room in one row are set in blocks below each other, all on the same scales.
public struct Annealing: Figure {
  /// One token sampled.
  public struct Step: Equatable, Sendable {
    /// The temperature τ.
    public var temperature: Double
    /// The entropy of what was sampled from, in nats.
    public var entropy: Double
    /// The entropy of the model's own distribution (τ = 1), in nats.
    public var ownEntropy: Double
    /// The token sampled.
    public var token: TokenLabel
    /// Its probability in what was sampled from.
    public var probability: Double
    /// 1 for the most probable token.
    public var rank: Int

    /// Creates a step.
    public init(
      temperature: Double, entropy: Double, ownEntropy: Double, token: TokenLabel,
      probability: Double, rank: Int
    ) {
      self.temperature = temperature
      self.entropy = entropy
      self.ownEntropy = ownEntropy
      self.token = token
      self.probability = probability
      self.rank = rank
    }
  }

  /// Its name in the catalogue.
  public static let name = "annealing"

  /// The words around the picture. The schedule, its ends and filters belong into the subtitle.
  /// Where `summary` is empty, the figure writes one.
  public var caption: Caption
  /// The steps, first to last.
  public var steps: [Step]
  /// How many tokens the model knows.
  public var vocabulary: Int

  /// Creates an annealing figure.
  public init(caption: Caption, steps: [Step], vocabulary: Int) {
    self.caption = caption
    self.steps = steps
    self.vocabulary = vocabulary
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { AnnealingLayout(self, in: style).scene() }
}

extension Annealing {
  /// The picture in words.
  var summary: String {
    guard let first = steps.first, let last = steps.last else { return "No step was sampled." }
    let ends = [first, last].map { NumberFormat.temperature($0.temperature) }
    let falls = ends[0] == ends[1] ? "is \(ends[0])" : "goes from \(ends[0]) to \(ends[1])"
    let tokens = steps.map(\.token.text).joined(separator: " ")
    let others = steps.filter { $0.rank > 1 }
    let highest = steps.max { $0.entropy < $1.entropy }
    var sentences = [
      "Over \(Ribbon.counted(steps.count, "step")) the temperature \(falls).",
      "Sampled: \(tokens).",
    ]
    if steps.count == 1 {
      sentences.append(
        "The entropy of what was sampled from is \(NumberFormat.nats(first.entropy)) nats.")
    } else if let highest {
      sentences.append(
        "The entropy of what was sampled from is \(NumberFormat.nats(first.entropy)) nats at the "
          + "first step and \(NumberFormat.nats(last.entropy)) at the last, at most "
          + "\(NumberFormat.nats(highest.entropy)) (\(highest.token.text)).")
    }
    let count = NumberFormat.count(others.count)
    sentences.append(
      others.isEmpty
        ? "Every token was the most probable one."
        : "\(count) of the tokens \(others.count == 1 ? "was" : "were") not the most probable one: "
          + others.prefix(8).map { "\($0.token.text) (rank \(NumberFormat.count($0.rank)))" }
          .joined(separator: ", ") + (others.count > 8 ? " and others." : "."))
    return sentences.joined(separator: " ")
  }
}
