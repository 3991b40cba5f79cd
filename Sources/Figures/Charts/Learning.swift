/// How a model learned: its losses over the steps, the gradient in every block of the new model with
/// and without residual connections and norms, and where one head looked in a text after some of the
/// steps.
public struct Learning: Figure {
  /// A loss after a step.
  public struct Loss: Equatable, Sendable {
    /// Which step, from 1.
    public var step: Int
    /// The mean of −ln p, in nats.
    public var loss: Double

    /// Creates a loss.
    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }

  /// A block of the new model.
  public struct Block: Equatable, Sendable {
    /// What stands under it: "0", or "dec 0".
    public var name: String
    /// The norm of the gradient of its parameters.
    public var norm: Double
    /// The same without residual connections.
    public var withoutResiduals: Double
    /// The same without residual connections and norms.
    public var withoutBoth: Double

    /// Creates a block.
    public init(name: String, norm: Double, withoutResiduals: Double, withoutBoth: Double) {
      self.name = name
      self.norm = norm
      self.withoutResiduals = withoutResiduals
      self.withoutBoth = withoutBoth
    }
  }

  /// The weights of the head after some of the steps.
  public struct Maps: Equatable, Sendable {
    /// One of them.
    public struct Moment: Equatable, Sendable {
      /// After which step; 0 for the new model.
      public var step: Int
      /// Row by row.
      public var weights: [Float]

      /// Creates a moment.
      public init(step: Int, weights: [Float]) {
        self.step = step
        self.weights = weights
      }
    }

    /// "L1H3".
    public var head: String
    /// Rows and columns.
    public var tokens: [TokenLabel]
    /// `true` where masked; `nil` for none.
    public var mask: [Bool]?
    /// First to last.
    public var moments: [Moment]

    /// Creates maps; every one has a weight for each pair of tokens.
    public init(head: String, tokens: [TokenLabel], mask: [Bool]?, moments: [Moment]) {
      let count = tokens.count * tokens.count
      precondition(count > 0 && moments.allSatisfy { $0.weights.count == count }, "other tokens")
      precondition(mask.map { $0.count == count } ?? true, "a mask of another size")
      self.head = head
      self.tokens = tokens
      self.mask = mask
      self.moments = moments
    }
  }

  /// Its name in the catalogue.
  public static let name = "learning"

  /// The words around the picture.
  public var caption: Caption
  /// The loss of every step.
  public var training: [Loss]
  /// The losses of what was kept aside.
  public var validation: [Loss]
  /// How many tokens the model knows: who guesses blindly has a loss of ln V.
  public var vocabulary: Int
  /// The new model's blocks; none where it was not measured.
  public var blocks: [Block]
  /// The head's maps; `nil` where no text was watched.
  public var maps: Maps?

  /// Creates the figure; there is a step or more, in order.
  public init(
    caption: Caption, training: [Loss], validation: [Loss], vocabulary: Int, blocks: [Block] = [],
    maps: Maps? = nil
  ) {
    precondition(!training.isEmpty && training[0].step > 0, "a run without steps")
    self.caption = caption
    self.training = training
    self.validation = validation
    self.vocabulary = vocabulary
    self.blocks = blocks
    self.maps = maps
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { LearningLayout(self, in: style).scene() }
}
