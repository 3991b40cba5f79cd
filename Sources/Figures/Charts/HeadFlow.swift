/// The whole of one head and the block around it for one token, step by step.
///
/// Above, panels with a row for every token that is looked at; below, vectors of the focused token,
/// folded into rows.
public struct HeadFlow: Figure {
  /// What stands over a panel.
  public struct Heading: Equatable, Sendable {
    /// The step; `nil` where a value is shown again.
    public var step: Int?
    /// Its name.
    public var name: String
    /// Its formula.
    public var formula: [Inline]

    /// Creates a heading.
    public init(_ step: Int?, _ name: String, _ formula: [Inline]) {
      (self.step, self.name, self.formula) = (step, name, formula)
    }
  }

  /// A token that is looked at, or the sum of those that are not shown.
  public struct Row: Equatable, Sendable {
    /// The token.
    public var label: TokenLabel
    /// Whether the focused token may not look at it.
    public var isMasked: Bool
    /// Whether it stands for several tokens.
    public var isSum: Bool

    /// Creates a row.
    public init(_ label: TokenLabel, isMasked: Bool = false, isSum: Bool = false) {
      (self.label, self.isMasked, self.isSum) = (label, isMasked, isSum)
    }
  }

  /// What a panel of tokens shows, a value for every row; `nil` where there is none.
  public enum Content: Equatable, Sendable {
    /// A vector a token.
    case strips([[Float]?], isCut: Bool, framesFocus: Bool)
    /// A number a token, with so many decimals; masked ones are hatched, or grey.
    case numbers([Double?], decimals: Int, hatchesMasked: Bool)
    /// A share a token, as bars on a track from 0 to 1.
    case shares([Double?])
    /// A vector a token, and the sum of all.
    case summed([[Float]?], sum: [Float])
  }

  /// How a panel comes from what stands left of it.
  public enum Sign: Equatable, Sendable {
    case none, arrow
    /// A sign of a formula: "·", "×", "=".
    case sign(String)
  }

  /// A panel with a row for every token.
  public struct TokenPanel: Equatable, Sendable {
    /// What stands over it.
    public var heading: Heading
    /// How it comes from what stands left of it.
    public var sign: Sign
    /// What it shows.
    public var content: Content
    /// What stands under it: its shape, or another fact.
    public var foot: [Inline]

    /// Creates a panel.
    public init(_ heading: Heading, _ sign: Sign, _ content: Content, foot: [Inline] = []) {
      (self.heading, self.sign, self.content, self.foot) = (heading, sign, content, foot)
    }
  }

  /// How a vector comes from the one left of it.
  public enum Link: Equatable, Sendable {
    /// Not from it.
    case none
    /// Through a matrix or a norm.
    case through([Inline])
    /// It is added to it.
    case plus
    /// They are added, and what is carried there from the panel of an index.
    case plusCarried(from: Int, name: [Inline])
  }

  /// A vector of the focused token, folded.
  public struct VectorPanel: Equatable, Sendable {
    /// What stands over it.
    public var heading: Heading
    /// How it comes from what stands left of it.
    public var link: Link
    /// Its numbers.
    public var values: [Float]
    /// Into how many rows it is folded.
    public var rows: Int
    /// Whether its rows are heads, and which of them the figure is about.
    public var head: Int?
    /// Its shape in words.
    public var shape: String
    /// A fact besides its norm.
    public var fact: String?

    /// Creates a panel; `values` is not empty.
    public init(
      _ heading: Heading, _ link: Link, _ values: [Float], rows: Int, head: Int? = nil,
      shape: String, fact: String? = nil
    ) {
      precondition(!values.isEmpty && rows > 0, "an empty vector")
      (self.heading, self.link, self.values, self.rows) = (heading, link, values, rows)
      (self.head, self.shape, self.fact) = (head, shape, fact)
    }
  }

  /// Its name in the catalogue.
  public static let name = "flow"

  /// The words around the picture.
  public var caption: Caption
  /// The rows of the upper panels.
  public var rows: [Row]
  /// The upper panels.
  public var tokenPanels: [TokenPanel]
  /// The lower panels.
  public var vectorPanels: [VectorPanel]
  /// What the legend says besides what colours mean.
  public var folding: String

  /// Creates the figure; every content has one value a row.
  public init(
    caption: Caption, rows: [Row], tokenPanels: [TokenPanel], vectorPanels: [VectorPanel],
    folding: String
  ) {
    precondition(tokenPanels.allSatisfy { $0.content.count == rows.count }, "a row is missing")
    (self.caption, self.rows, self.tokenPanels) = (caption, rows, tokenPanels)
    (self.vectorPanels, self.folding) = (vectorPanels, folding)
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { HeadFlowLayout(self, in: style).scene() }
}

extension HeadFlow.Content {
  /// The number of rows.
  var count: Int {
    switch self {
    case .strips(let values, _, _), .summed(let values, _): values.count
    case .numbers(let values, _, _), .shares(let values): values.count
    }
  }

  /// Whether it shows vectors.
  var isOfVectors: Bool {
    switch self {
    case .strips, .summed: true
    case .numbers, .shares: false
    }
  }

  /// The largest magnitude that is shown.
  var largest: Double {
    switch self {
    case .strips(let values, _, _): values.compactMap(\.self).joined().largestMagnitude
    case .summed(let values, let sum):
      max(values.compactMap(\.self).joined().largestMagnitude, sum.largestMagnitude)
    case .numbers, .shares: 0
    }
  }
}

extension Sequence<Float> {
  /// The largest magnitude of the numbers that are finite.
  var largestMagnitude: Double {
    Double(reduce(into: Float(0)) { if $1.isFinite { $0 = Swift.max($0, $1.magnitude) } })
  }
}
