/// One head on a few tokens with every number printed, so that a reader can compute it anew.
public struct Worked: Figure {
  /// Its name in the catalogue.
  public static let name = "worked"

  /// The words around the picture.
  public var caption: Caption
  /// The tokens, one a row of every matrix but the learned ones.
  public var tokens: [TokenLabel]
  /// The row that is followed.
  public var query: Int
  /// The token that it is followed to.
  public var key: Int
  /// What attention sees.
  public var input: Panel
  /// What becomes queries, keys and values.
  public var projections: [Projection]
  /// From the scores to the output.
  public var steps: [Panel]
  /// One row, number by number.
  public var lines: [Line]
  /// Over the lines, with the token: "One row in full".
  public var linesTitle: String
  /// Why there are so few numbers: a heading and a paragraph.
  public var reason: Reason

  /// Creates the figure.
  public init(
    caption: Caption, tokens: [TokenLabel], query: Int, key: Int, input: Panel,
    projections: [Projection], steps: [Panel], lines: [Line], linesTitle: String, reason: Reason
  ) {
    precondition(tokens.indices.contains(query) && tokens.indices.contains(key), "no such token")
    self.caption = caption
    self.tokens = tokens
    self.query = query
    self.key = key
    self.input = input
    self.projections = projections
    self.steps = steps
    self.lines = lines
    self.linesTitle = linesTitle
    self.reason = reason
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { WorkedLayout(self, in: style).scene() }
}

extension Worked {
  /// A matrix of printed numbers with its heading.
  public struct Panel: Equatable, Sendable {
    /// What the rows and columns are.
    public enum Kind: Equatable, Sendable {
      /// A row for every token, a column for every coordinate; the row of the query is shaded.
      case queries
      /// The same; the row of the key is shaded.
      case keys
      /// The same; no row is shaded.
      case values
      /// Learned numbers.
      case parameters
      /// A row for every token that looks, a column for every token that is looked at.
      case map
      /// The same with the colours of weights.
      case weights
    }

    /// Its name among the marks, in kebab case.
    public var name: String
    /// What it is.
    public var kind: Kind
    /// The number of the step; `nil` where it is a part of the one before.
    public var step: Int?
    /// The heading.
    public var title: String
    /// How it is computed, under the heading.
    public var formula: Formula?
    /// Words beside the formula.
    public var note: String
    /// The printed numbers; `nil` where masked.
    public var rows: [[String?]]
    /// What stands in masked cells.
    public var masked: String?
    /// What stands at the left of learned numbers.
    public var symbol: Formula?
    /// What is added to every row, with its symbol.
    public var bias: Bias?
    /// A column beside the matrix.
    public var side: Side?

    /// A row that is added to all rows.
    public struct Bias: Equatable, Sendable {
      /// Its symbol.
      public var symbol: Formula
      /// Its numbers.
      public var numbers: [String]

      /// Creates a row.
      public init(symbol: Formula, numbers: [String]) {
        self.symbol = symbol
        self.numbers = numbers
      }
    }

    /// A number for every row: the sum, or the largest.
    public struct Side: Equatable, Sendable {
      /// What it is.
      public var title: String
      /// The numbers.
      public var numbers: [String]

      /// Creates a column.
      public init(title: String, numbers: [String]) {
        self.title = title
        self.numbers = numbers
      }
    }

    /// Creates a panel.
    public init(
      _ name: String, _ kind: Kind, step: Int? = nil, title: String, formula: Formula? = nil,
      note: String = "", rows: [[String?]], masked: String? = nil, symbol: Formula? = nil,
      bias: Bias? = nil, side: Side? = nil
    ) {
      self.name = name
      self.kind = kind
      self.step = step
      self.title = title
      self.formula = formula
      self.note = note
      self.rows = rows
      self.masked = masked
      self.symbol = symbol
      self.bias = bias
      self.side = side
    }
  }

  /// Learned numbers and what x becomes by them.
  public struct Projection: Equatable, Sendable {
    /// The learned numbers; `nil` where they cannot be printed.
    public var parameters: Panel?
    /// Queries, keys or values.
    public var result: Panel

    /// Creates a projection.
    public init(parameters: Panel?, result: Panel) {
      self.parameters = parameters
      self.result = result
    }
  }

  /// One number with all that it is made of.
  public struct Line: Equatable, Sendable {
    /// The number of the step.
    public var step: Int
    /// What is computed.
    public var symbol: Formula
    /// What it is made of, in parts that are never broken.
    public var terms: [Inline]
    /// What comes out.
    public var result: String

    /// Creates a line.
    public init(step: Int, symbol: Formula, terms: [Inline], result: String) {
      self.step = step
      self.symbol = symbol
      self.terms = terms
      self.result = result
    }
  }

  /// A heading and a paragraph.
  public struct Reason: Equatable, Sendable {
    /// The heading.
    public var title: String
    /// The paragraph.
    public var text: [Inline]
    /// Why learned numbers are missing, where they are.
    public var missing: [Inline]?

    /// Creates a reason.
    public init(title: String, text: [Inline], missing: [Inline]? = nil) {
      self.title = title
      self.text = text
      self.missing = missing
    }
  }
}
