public import Figures
public import Files

/// What a station shows for a focus: words, numbers and a picture, all pure values.
public struct StationPage: Sendable {
  /// A value that goes in or comes out.
  public struct Quantity: Hashable, Sendable {
    /// What it is: "queries".
    public var name: String
    /// Its letter in formulas: "Q"; empty for tokens and text.
    public var symbol: String
    /// The sizes of its axes.
    public var shape: [Int]

    /// Creates a quantity.
    public init(_ name: String, _ symbol: String = "", _ shape: [Int]) {
      self.name = name
      self.symbol = symbol
      self.shape = shape
    }

    /// For instance "queries Q [12, 64]".
    public var text: String {
      ([name, symbol].filter { !$0.isEmpty } + [
        "[\(shape.map(String.init).joined(separator: ", "))]"
      ])
      .joined(separator: " ")
    }
  }

  /// Numbers in columns, for those who do not see the picture.
  public struct Table: Hashable, Sendable {
    /// The names of the columns.
    public var header: [String]
    /// The rows, as many cells each.
    public var rows: [[String]]
    /// The columns that hold numbers, aligned at the right.
    public var right: Set<Int>
    /// What was left out; empty when nothing was.
    public var note: String

    /// Creates a table.
    public init(
      _ header: [String], _ rows: [[String]], right: Set<Int> = [], note: String = ""
    ) {
      self.header = header
      self.rows = rows
      self.right = right
      self.note = note
    }
  }

  /// What changed against the run without edits.
  public struct Change: Sendable {
    /// Sentences: the largest change of the focused token's row, old and new.
    public var lines: [String]
    /// The difference of both maps, where the station shows one.
    public var figure: (any Figure)?
    /// The size of the largest change of the row; 0 where nothing changed.
    public var largest: Double
  }

  /// The station.
  public var station: Station
  /// What is looked at, with every part clamped to what there is.
  public var focus: Focus
  /// The name of the stop: "Scores q · k".
  public var title: String
  /// Where it is: "layer 3, head 5 of 12".
  public var place: String
  /// What goes in.
  public var inputs: [Quantity]
  /// What comes out.
  public var outputs: [Quantity]
  /// The formula, then the formula with this station's numbers for the focused token, in lines of
  /// plain Unicode.
  public var formula: [String]
  /// The station in one line with the number that matters, for a walk in few words.
  public var line: String
  /// What happens here, one sentence.
  public var happens: String
  /// What to look for, one sentence that follows from the numbers.
  public var lookFor: String
  /// The numbers of the focused token.
  public var table: Table?
  /// The picture.
  public var figure: (any Figure)?
  /// The words of the command that draws the same values, without program, model and text: `draw
  /// heatmap --of q --layer 3 --head 5`; `nil` where there is none.
  public var command: [String]?
  /// What changed, in a walk of a run with edits.
  public var change: Change?
  /// The focused token's numbers at this station for programs, unrounded.
  public var numbers: JSON

  /// Creates a page.
  package init(
    station: Station, focus: Focus, title: String, place: String, inputs: [Quantity],
    outputs: [Quantity], formula: [String], line: String, happens: String, lookFor: String,
    table: Table?, figure: (any Figure)?, command: [String]?, change: Change?, numbers: JSON
  ) {
    (self.station, self.focus, self.title, self.place) = (station, focus, title, place)
    (self.inputs, self.outputs, self.formula, self.line) = (inputs, outputs, formula, line)
    (self.happens, self.lookFor, self.table, self.figure) = (happens, lookFor, table, figure)
    (self.command, self.change, self.numbers) = (command, change, numbers)
  }
}
