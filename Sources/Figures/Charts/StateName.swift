/// What the states of a distribution are called: tokens of a vocabulary, or keys of a head's row.
public struct StateName: Equatable, Sendable {
  /// One of them.
  public var singular: String
  /// Several of them.
  public var plural: String
  /// Whose the distribution at τ = 1 is, in words: "the model’s own".
  public var own: String
  /// What enters the softmax: "logits", "scores".
  public var values: String
  /// One of these values in formulas.
  public var symbol: String

  /// Creates a name.
  public init(singular: String, plural: String, own: String, values: String, symbol: String) {
    self.singular = singular
    self.plural = plural
    self.own = own
    self.values = values
    self.symbol = symbol
  }

  /// The tokens a model may write next.
  public static let token = StateName(
    singular: "token", plural: "tokens", own: "the model’s own", values: "logits", symbol: "z")
  /// The keys a head may look at.
  public static let key = StateName(
    singular: "key", plural: "keys", own: "the head’s own", values: "scores", symbol: "α")

  /// "1 token", "49,152 tokens".
  func counted(_ count: Int) -> String { "\(NumberFormat.count(count)) \(name(count))" }

  func name(_ count: Int) -> String { count == 1 ? singular : plural }
}
