/// The residual stream from layer to layer: lengths, similarity, and what each addition did.
public struct Residual: Figure {
  /// One addition: attention or the feed-forward network; numbers of every token.
  public struct Step: Equatable, Sendable {
    /// The layer.
    public var layer: Int
    /// Whether attention was added.
    public var isAttention: Bool
    /// The length of the stream after it.
    public var lengths: [Double]
    /// The length of what was added over that of the stream before.
    public var added: [Double]
    /// The cosine with the stream before.
    public var similarity: [Double]
    /// The cosine with the embedding.
    public var similarityToInput: [Double]

    /// Creates a step.
    public init(
      layer: Int, isAttention: Bool, lengths: [Double], added: [Double], similarity: [Double],
      similarityToInput: [Double]
    ) {
      self.layer = layer
      self.isAttention = isAttention
      self.lengths = lengths
      self.added = added
      self.similarity = similarity
      self.similarityToInput = similarityToInput
    }
  }

  /// Its name in the catalogue.
  public static let name = "residual"

  /// The words around the picture.
  public var caption: Caption
  /// The lengths of the embeddings.
  public var input: [Double]
  /// The steps in order, two a layer.
  public var steps: [Step]
  /// The tokens that are named, by their places: those whose lengths stand out.
  public var named: [(token: Int, name: String)]

  /// Creates the figure; every step has a number for every token.
  public init(
    caption: Caption, input: [Double], steps: [Step], named: [(token: Int, name: String)]
  ) {
    precondition(!input.isEmpty && !steps.isEmpty, "a stream without tokens or layers")
    precondition(steps.allSatisfy { $0.lengths.count == input.count }, "a token is missing")
    self.caption = caption
    self.input = input
    self.steps = steps
    self.named = named
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { ResidualLayout(self, in: style).scene() }
}
