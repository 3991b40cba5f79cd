/// Several maps of the same tokens side by side on one scale, for comparison.
public struct MapSheet: Equatable, Sendable {
  /// One map with its heading.
  public struct Panel: Equatable, Sendable {
    /// What is special about this map, a few words.
    public var title: String
    /// More about it; wrapped under the title.
    public var note: [Inline]
    /// A word on a plate behind the title: "the model’s own".
    public var badge: String?
    /// The rows and columns, where they are others than the sheet's.
    public var tokens: [TokenLabel]?
    /// The columns, where they are others than the rows of this map.
    public var columns: [TokenLabel]?
    /// [rows, columns], row by row.
    public var values: [Float]
    /// `true` where masked; `nil` for none.
    public var mask: [Bool]?
    /// A number for every row, at its right: drawn as a bar and printed.
    public var margin: [Double]

    /// Creates a panel.
    public init(
      title: String, note: [Inline] = [], badge: String? = nil, tokens: [TokenLabel]? = nil,
      columns: [TokenLabel]? = nil, values: [Float], mask: [Bool]? = nil, margin: [Double] = []
    ) {
      self.title = title
      self.note = note
      self.badge = badge
      self.tokens = tokens
      self.columns = columns ?? tokens
      self.values = values
      self.mask = mask
      self.margin = margin
    }
  }

  /// The rows of every panel.
  public var rows: [TokenLabel]
  /// The columns of every panel.
  public var columns: [TokenLabel]
  /// The maps.
  public var panels: [Panel]
  /// The name of the numbers at the right of rows, and their largest possible value.
  public var marginName: [Inline]
  /// Where a bar is full.
  public var marginLimit: Double
  /// The words beside the colour bar.
  public var legend: LegendText

  /// Creates a sheet; a panel has rows × columns values, or as many as its own tokens ask for.
  public init(
    rows: [TokenLabel], columns: [TokenLabel], panels: [Panel], marginName: [Inline] = [],
    marginLimit: Double = 1, legend: LegendText
  ) {
    precondition(!panels.isEmpty && rows.count * columns.count > 0, "a sheet without maps")
    for panel in panels {
      let count = (panel.tokens ?? rows).count * (panel.columns ?? columns).count
      precondition(panel.values.count == count, "\(panel.values.count) values of \(count)")
      precondition(panel.mask.map { $0.count == count } ?? true, "a mask of another size")
      precondition(
        panel.margin.isEmpty || panel.margin.count == (panel.tokens ?? rows).count,
        "a bar for every row")
    }
    self.rows = rows
    self.columns = columns
    self.panels = panels
    self.marginName = marginName
    self.marginLimit = marginLimit
    self.legend = legend
  }

  /// The rows or columns of the largest map.
  var longestSide: Int {
    panels.reduce(1) { max($0, ($1.tokens ?? rows).count, ($1.columns ?? columns).count) }
  }

  func matrix(_ panel: Panel) -> Matrix {
    Matrix(
      rows: (panel.tokens ?? rows).count, columns: (panel.columns ?? columns).count,
      values: panel.values, mask: panel.mask)
  }
}
