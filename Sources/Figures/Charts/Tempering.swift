/// One distribution at several temperatures: what happens to the likeliest states, and to all.
public struct Tempering: Figure {
  /// The distribution at one temperature.
  public struct Column: Equatable, Sendable {
    /// τ, from 0 to ∞.
    public var temperature: Double
    /// The probability of every shown state, in the order of `states`.
    public var probabilities: [Double]
    /// The probability of all others together.
    public var rest: Double
    /// The entropy H, in nats.
    public var entropy: Double
    /// Probabilities by rank, from rank 1 to the last; as many ranks as are worth drawing.
    public var ranks: [RankedProbability]

    /// Creates a column.
    public init(
      temperature: Double, probabilities: [Double], rest: Double, entropy: Double,
      ranks: [RankedProbability]
    ) {
      self.temperature = temperature
      self.probabilities = probabilities
      self.rest = rest
      self.entropy = entropy
      self.ranks = ranks
    }
  }

  /// The probability of one rank.
  public struct RankedProbability: Equatable, Sendable {
    /// The rank, from 1.
    public var rank: Int
    /// The probability.
    public var probability: Double

    /// Creates a pair.
    public init(rank: Int, probability: Double) {
      self.rank = rank
      self.probability = probability
    }
  }

  /// Its name in the catalogue.
  public static let name = "tempering"

  /// The words around the picture.
  public var caption: Caption
  /// What the states are called.
  public var stateName: StateName
  /// The states that are shown one by one, the likeliest first.
  public let states: [TokenLabel]
  /// How many states there are, without the masked ones.
  public let count: Int
  /// How many more are masked: their probability is 0 at every temperature.
  public let masked: Int
  /// How many states share the largest logit.
  public let ties: Int
  /// The temperatures, in the order they are drawn.
  public let columns: [Column]

  /// Creates a figure.
  ///
  /// - Parameters:
  ///   - caption: The words around the picture.
  ///   - stateName: What the states are called.
  ///   - states: The states that are shown one by one, in the order of their logits.
  ///   - count: How many states there are, shown and others, without the masked ones.
  ///   - masked: How many more are masked: their probability is 0 at every temperature.
  ///   - ties: How many states share the largest logit.
  ///   - columns: The temperatures, in the order they are drawn.
  public init(
    caption: Caption, stateName: StateName = .token, states: [TokenLabel], count: Int,
    masked: Int = 0, ties: Int = 1, columns: [Column]
  ) {
    precondition(!columns.isEmpty, "no temperature")
    precondition(states.count <= count, "\(states.count) of \(count) states")
    precondition(
      columns.allSatisfy { $0.probabilities.count == states.count && $0.temperature >= 0 },
      "a column is not of \(states.count) states")
    self.caption = caption
    self.stateName = stateName
    self.states = states
    self.count = count
    self.masked = masked
    self.ties = ties
    self.columns = columns
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene {
    TemperingLayout(self, in: style).scene()
  }

  /// How many states are not shown one by one.
  var others: Int { count - states.count }

  /// The formula of the softmax with a temperature.
  var formula: Formula {
    let symbol = stateName.symbol
    let exponential = { (index: String) -> Formula in
      .sup(
        .variable("e"),
        .row([.sub(.variable(symbol), .variable(index)), .word("/"), .variable("τ")]))
    }
    return .row([
      .variable("σ"), .word("("), .sub(.variable(symbol), .variable("i")), .word(", "),
      .variable("τ"), .word(")"), .sign("="),
      .fraction(exponential("i"), .row([.sum("j"), .thinSpace, exponential("j")])),
    ])
  }

  /// What the figure shows, from its numbers.
  var summary: String {
    let all = columns.map { column -> String in
      let isExact = isExact(column.temperature)
      let named = zip(states, column.probabilities).prefix(3).map {
        "\($0.text) \(NumberFormat.probability($1, isExact: isExact))"
      }.joined(separator: ", ")
      return "At τ = \(NumberFormat.temperature(column.temperature)): \(named), entropy "
        + "\(NumberFormat.amount(column.entropy, isExact: isExact)) nats."
    }
    let temperatures = columns.map { NumberFormat.temperature($0.temperature) }
    return "The probabilities of \(stateName.counted(count)) at τ = "
      + temperatures.joined(separator: ", ") + ". " + all.joined(separator: " ")
  }

  /// Whether a 0 or 1 at a temperature is one and not rounded to it.
  func isExact(_ temperature: Double) -> Bool {
    temperature == 0 || temperature == .infinity || count == 1
  }
}
