/// What is looked at: a layer, a head, a token, and perhaps a second token.
public struct Focus: Hashable, Sendable {
  /// The layer, counted from 0. A page shows its station's layer; this one is where a walk goes on.
  public var layer: Int
  /// The head; `nil` for all heads of a layer.
  public var head: Int?
  /// The token whose row is followed, by its place among the tokens of the station's stack.
  public var token: Int
  /// A token that is looked at: q · k is shown dimension by dimension.
  public var key: Int?
  /// The temperature τ of the output.
  public var temperature: Double

  /// Creates a focus.
  public init(
    layer: Int = 0, head: Int? = 0, token: Int = 0, key: Int? = nil, temperature: Double = 1
  ) {
    self.layer = layer
    self.head = head
    self.token = token
    self.key = key
    self.temperature = temperature
  }
}
