/// Every head of every layer on one sheet and one scale from 0 to 1: rows are layers, columns heads.
public struct Gallery: Figure {
  /// The weights of one head.
  public struct Panel: Equatable, Sendable {
    /// [rows, columns], row by row.
    public var values: [Float]
    /// The share of all weight that goes to the sinks, 0…1: the bar under the panel.
    public var sinkShare: Double?

    /// Creates a panel.
    public init(values: [Float], sinkShare: Double? = nil) {
      self.values = values
      self.sinkShare = sinkShare
    }
  }

  /// A head by the numbers of its layer and itself.
  public struct Head: Hashable, Sendable {
    /// The layer's number, from 0.
    public var layer: Int
    /// The head's number, from 0.
    public var head: Int

    /// Creates a reference.
    public init(layer: Int, head: Int) {
      self.layer = layer
      self.head = head
    }
  }

  /// A head drawn large, with notes that explain how to read it.
  public struct Example: Equatable, Sendable {
    /// The block's heading: "How to read one panel: L3H1".
    public var title: String
    /// Which head.
    public var head: Head
    /// What the rows are.
    public var rows: [TokenLabel]
    /// What the columns are.
    public var columns: [TokenLabel]
    /// The notes.
    public var callouts: [Callout]

    /// Creates an example.
    public init(
      title: String, head: Head, rows: [TokenLabel], columns: [TokenLabel], callouts: [Callout]
    ) {
      self.title = title
      self.head = head
      self.rows = rows
      self.columns = columns
      self.callouts = callouts
    }
  }

  /// A note with a line to what it speaks of.
  public struct Callout: Equatable, Sendable {
    /// What a note points at.
    public enum Target: Equatable, Sendable {
      /// One cell.
      case cell(row: Int, column: Int)
      /// A column, at one of its largest values.
      case column(Int)
      /// The bar under the panel.
      case sinkBar
    }

    /// A few words, bold.
    public var heading: String
    /// The explanation.
    public var text: [Inline]
    /// What it points at.
    public var target: Target

    /// Creates a note.
    public init(heading: String, text: [Inline], target: Target) {
      self.heading = heading
      self.text = text
      self.target = target
    }
  }

  /// Its name in the catalogue.
  public static let name = "gallery"

  /// The words around the picture.
  public var caption: Caption
  /// The numbers of the layers, top to bottom.
  public let layers: [Int]
  /// The numbers of the heads, left to right.
  public let heads: [Int]
  /// Rows of each map.
  public let rows: Int
  /// Columns of each map.
  public let columns: Int
  /// The panels, layer by layer.
  public let panels: [Panel]
  /// The mask of every panel, as large as its values; `nil` when nothing is masked.
  public let mask: [Bool]?
  /// The rows and columns of a panel: of a large map it keeps the largest weight of each block.
  let kept: (rows: Int, columns: Int)

  /// Panels have at most this many rows and columns.
  private static let most = 256
  /// How values become colours.
  public var transform: ScaleTransform
  /// The head with a dark frame.
  public var highlighted: Head?
  /// The head drawn large.
  public var example: Example?
  /// The words beside the colour bar.
  public var legend: LegendText
  /// The words beside the swatch for masked cells; shown when a cell is masked.
  public var maskLegend: LegendText

  /// Creates a gallery.
  ///
  /// - Parameters:
  ///   - caption: The words around the picture.
  ///   - layers: The numbers of the layers, top to bottom.
  ///   - heads: The numbers of the heads, left to right.
  ///   - rows: What the rows are.
  ///   - columns: What the columns are.
  ///   - panels: [layers, heads], layer by layer, each with rows × columns values, made one at a
  ///     time: what the sheet has no room for is not kept.
  ///   - mask: [rows, columns], `true` where masked, the same for all.
  ///   - transform: How values become colours.
  ///   - highlighted: The head with a dark frame.
  ///   - example: The head drawn large.
  ///   - legend: The words beside the colour bar.
  ///   - maskLegend: The words beside the swatch for masked cells; shown when a cell is masked.
  public init(
    caption: Caption, layers: [Int], heads: [Int], rows: Int, columns: Int,
    panels: some Sequence<Panel>, mask: [Bool]? = nil, transform: ScaleTransform = .linear,
    highlighted: Head? = nil,
    example: Example? = nil, legend: LegendText, maskLegend: LegendText = .masked
  ) {
    let count = rows * columns
    precondition(count > 0, "a panel of \(rows) × \(columns)")
    precondition(mask == nil || mask?.count == count, "the mask is not \(rows) × \(columns)")
    precondition(
      example.map { $0.rows.count == rows && $0.columns.count == columns } ?? true,
      "the example's labels are not \(rows) × \(columns)")
    self.caption = caption
    self.layers = layers
    self.heads = heads
    self.rows = rows
    self.columns = columns
    let kept = (rows: min(rows, Self.most), columns: min(columns, Self.most))
    self.kept = kept
    self.mask =
      mask.flatMap { mask in
        Matrix(rows: rows, columns: columns, values: Array(repeating: 0, count: count), mask: mask)
          .condensed(rows: kept.rows, columns: kept.columns).mask
      }
    self.panels = panels.map { panel in
      precondition(panel.values.count == count, "a panel is not \(rows) × \(columns)")
      let matrix = Matrix(rows: rows, columns: columns, values: panel.values, mask: mask)
      let values = matrix.condensed(rows: kept.rows, columns: kept.columns).values
      return Panel(values: values, sinkShare: panel.sinkShare)
    }
    precondition(
      self.panels.count == layers.count * heads.count && !self.panels.isEmpty,
      "\(self.panels.count) panels for \(layers.count) × \(heads.count)")
    self.transform = transform
    self.highlighted = highlighted
    self.example = example
    self.legend = legend
    self.maskLegend = maskLegend
  }

  /// Lays the gallery out.
  public func scene(in style: Style) -> Scene {
    GalleryLayout(self, in: style).scene()
  }

  /// The panel of a head; `nil` when it is not on the sheet.
  func panel(_ head: Head) -> Panel? {
    guard let layer = layers.firstIndex(of: head.layer), let head = heads.firstIndex(of: head.head)
    else { return nil }
    return panels[layer * heads.count + head]
  }

  func matrix(_ panel: Panel) -> Matrix {
    Matrix(rows: kept.rows, columns: kept.columns, values: panel.values, mask: mask)
  }

  /// How many rows and columns of a map each value that was kept stands for, at most.
  var reduction: (rows: Int, columns: Int) {
    ((rows + kept.rows - 1) / kept.rows, (columns + kept.columns - 1) / kept.columns)
  }
}
