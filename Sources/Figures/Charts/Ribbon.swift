/// A generation from the prompt to its end, one line a step: which row predicted which token, how
/// probable it was, and what else was possible.
///
/// All probabilities and entropies are the model's own (τ = 1); what a step was sampled from stands
/// beside them. The figure grows downward with its steps.
public struct Ribbon: Figure {
  /// One token written.
  public struct Step: Equatable, Sendable {
    /// The position of the row that predicted the token; the token stands one further.
    public var row: Int
    /// The last token that row has read.
    public var read: TokenLabel
    /// The token written.
    public var written: TokenLabel
    /// Its probability at τ = 1.
    public var probability: Double
    /// 1 for the most probable token.
    public var rank: Int
    /// The entropy of the distribution at τ = 1, in nats.
    public var entropy: Double
    /// The most probable of the tokens that were not written, most probable first.
    public var runnersUp: [TokenProbability]
    /// How many other tokens there are.
    public var othersCount: Int
    /// Their probability together.
    public var othersMass: Double
    /// The temperature of this step; `nil` where the caption says all.
    public var temperature: Double?
    /// The token's probability in what was sampled from, after temperature and filters.
    public var sampledProbability: Double?
    /// Whether the token ends the text.
    public var isEnd: Bool

    /// Creates a step.
    public init(
      row: Int, read: TokenLabel, written: TokenLabel, probability: Double, rank: Int,
      entropy: Double, runnersUp: [TokenProbability], othersCount: Int, othersMass: Double,
      temperature: Double? = nil, sampledProbability: Double? = nil, isEnd: Bool = false
    ) {
      self.row = row
      self.read = read
      self.written = written
      self.probability = probability
      self.rank = rank
      self.entropy = entropy
      self.runnersUp = runnersUp
      self.othersCount = othersCount
      self.othersMass = othersMass
      self.temperature = temperature
      self.sampledProbability = sampledProbability
      self.isEnd = isEnd
    }
  }

  /// What the decoder of an encoder–decoder looked at in every step: one row of attention over its
  /// source.
  public struct Source: Equatable, Sendable {
    /// What it is, and which head: "cross-attention L0H0".
    public var name: String
    /// The source tokens.
    public var tokens: [TokenLabel]
    /// The weights of every step, [steps, tokens], row by row.
    public var weights: [Float]

    /// Creates the rows.
    public init(name: String, tokens: [TokenLabel], weights: [Float]) {
      self.name = name
      self.tokens = tokens
      self.weights = weights
    }
  }

  /// Why no further token was written.
  public enum Ending: Equatable, Sendable {
    /// The last token ends the text.
    case endToken
    /// As many tokens as were asked for.
    case limit
    /// The model reads no longer text.
    case context
  }

  /// Its name in the catalogue.
  public static let name = "ribbon"

  /// The words around the picture. How the tokens were chosen ("greedy (τ = 0), probabilities at
  /// τ = 1"; filters) belongs into the subtitle. Where `summary` is empty, the figure writes one.
  public var caption: Caption
  /// The tokens before the first step, from position 0.
  public var prompt: [TokenLabel]
  /// The steps, first to last.
  public var steps: [Step]
  /// Why it stopped.
  public var ending: Ending
  /// The source that every step looked at, beside the bars.
  public let source: Source?

  /// Creates a ribbon.
  ///
  /// - Parameters:
  ///   - caption: The words around the picture. How the tokens were chosen ("greedy (τ = 0),
  ///     probabilities at τ = 1"; filters) belongs into the subtitle. Where `summary` is empty, the
  ///     figure writes one.
  ///   - prompt: The tokens before the first step, from position 0.
  ///   - steps: The steps, first to last.
  ///   - ending: Why it stopped.
  ///   - source: What an encoder–decoder read; it has as many rows of weights as there are steps.
  public init(
    caption: Caption, prompt: [TokenLabel], steps: [Step], ending: Ending, source: Source? = nil
  ) {
    precondition(
      source.map { $0.weights.count == steps.count * $0.tokens.count && !$0.tokens.isEmpty }
        ?? true, "a row of the source for every step")
    self.source = source
    self.caption = caption
    self.prompt = prompt
    self.steps = steps
    self.ending = ending
  }

  /// Lays the ribbon out.
  public func scene(in style: Style) -> Scene { RibbonLayout(self, in: style).scene() }
}

/// A token and how probable it is.
public struct TokenProbability: Equatable, Sendable {
  /// The token.
  public var token: TokenLabel
  /// Its probability, 0…1.
  public var probability: Double

  /// Creates a pair.
  public init(_ token: TokenLabel, _ probability: Double) {
    self.token = token
    self.probability = probability
  }
}

extension Ribbon {
  /// How many runners-up have a part of their own in a bar.
  static let mostRunnersUp = 6

  /// The size of the vocabulary; `nil` when the steps disagree.
  var vocabulary: Int? {
    let counts = Set(steps.map { 1 + $0.runnersUp.count + $0.othersCount })
    return counts.count == 1 ? counts.first : nil
  }

  /// Why it stopped, in a few words.
  var endingWords: String {
    switch ending {
    case .endToken: steps.last.map { "ended by \($0.written.text)" } ?? "ended"
    case .limit: "stopped at the limit of \(Self.counted(steps.count, "token"))"
    case .context: "stopped: the model reads no longer text"
    }
  }

  /// The picture in words.
  var summary: String {
    let first = steps.filter { $0.rank == 1 }.count
    let share = first == steps.count ? "each" : "\(NumberFormat.count(first)) of them"
    var sentences = [
      "After a prompt of \(Self.counted(prompt.count, "token")) the model writes "
        + "\(Self.counted(steps.count, "token")), \(share) its most probable one; \(endingWords)."
    ]
    sentences += steps.prefix(12).map { step in
      let other = step.runnersUp.first.map { other in
        "; next \(other.token.text) with \(NumberFormat.probability(other.probability))"
      }
      return "Row \(step.row) writes \(step.written.text): probability "
        + "\(NumberFormat.probability(step.probability)), rank \(NumberFormat.count(step.rank))"
        + "\(other ?? ""), entropy \(NumberFormat.nats(step.entropy)) nats."
    }
    if steps.count > 12 {
      let rest = steps.dropFirst(12).map(\.written.text).joined(separator: " ")
      sentences.append("Then: \(rest).")
    }
    return sentences.joined(separator: " ")
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(NumberFormat.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
