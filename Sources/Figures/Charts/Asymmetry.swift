/// How tokens look at each other: every pair as a dot, one direction against the other.
public struct Asymmetry: Figure {
  /// A pair of tokens, i before j.
  public struct Pair: Equatable, Sendable {
    /// The value of the earlier token looking at the later.
    public var ahead: Double
    /// The value of the later token looking at the earlier.
    public var back: Double
    /// Whether a special token is one of them.
    public var isSpecial: Bool
    /// What it is called where it stands out: "it → animal".
    public var name: String?

    /// Creates a pair.
    public init(ahead: Double, back: Double, isSpecial: Bool, name: String? = nil) {
      self.ahead = ahead
      self.back = back
      self.isSpecial = isSpecial
      self.name = name
    }
  }

  /// One quantity in both directions.
  public struct Panel: Equatable, Sendable {
    /// What the quantity is.
    public var title: [Inline]
    /// The quantity of i looking at j, and of j looking at i.
    public var symbols: (ahead: Formula, back: Formula)
    /// The pairs, finite ones only.
    public var pairs: [Pair]
    /// A measured fact under the title: the correlation.
    public var fact: String

    /// Creates a panel.
    public init(
      title: [Inline], symbols: (ahead: Formula, back: Formula), pairs: [Pair], fact: String
    ) {
      self.title = title
      self.symbols = symbols
      self.pairs = pairs
      self.fact = fact
    }

    /// Whether both show the same.
    public static func == (a: Panel, b: Panel) -> Bool {
      a.title == b.title && a.symbols == b.symbols && a.pairs == b.pairs && a.fact == b.fact
    }
  }

  /// Its name in the catalogue.
  public static let name = "asymmetry"

  /// The words around the picture.
  public var caption: Caption
  /// The quantities.
  public var panels: [Panel]
  /// What hollow dots are: "with [CLS] or [SEP]"; `nil` when there are none.
  public var specialName: String?

  /// Creates the figure.
  public init(caption: Caption, panels: [Panel], specialName: String?) {
    precondition(!panels.isEmpty, "no panel")
    self.caption = caption
    self.panels = panels
    self.specialName = specialName
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { AsymmetryLayout(self, in: style).scene() }
}
