/// One matrix of one head (q, k, v, scores, weights or context) as a grid of colours with labels.
///
/// The figure grows with its data up to 260 mm; with `Style.width` it is fitted, and what then has
/// no room is thinned and says so.
public struct Heatmap: Figure {
  /// What the values are; decides colours, range and numbers.
  public enum Quantity: Equatable, Sendable {
    /// Shares of 1: one sequential scale from 0 to 1, numbers as ".64".
    case weights
    /// Differences of weights: a diverging scale centred on 0, numbers as "−.26".
    case difference
    /// Signed values: a diverging scale centred on 0, numbers as "−2.6".
    case signed
  }

  /// Whether numbers stand in the cells.
  public enum Numbers: Equatable, Sendable {
    /// Where they have room.
    case whereTheyFit
    /// Everywhere: the figure grows for them.
    case always
    /// Nowhere.
    case never
  }

  /// Its name in the catalogue.
  public static let name = "heatmap"

  /// The words around the picture.
  public var caption: Caption
  /// The rows, top to bottom.
  public var rows: Axis
  /// The columns, left to right.
  public var columns: Axis
  /// What the values are.
  public var quantity: Quantity
  /// How values become colours.
  public var transform: ScaleTransform
  /// Where the colours end, when not at 0 and 1 or at the largest magnitude; signed values run from
  /// minus the upper limit. Values beyond are counted and have the colour of the end.
  public var limits: ClosedRange<Double>?
  /// Whether numbers stand in the cells.
  public var numbers = Numbers.whereTheyFit
  /// The words beside the colour bar.
  public var legend: LegendText
  /// The words beside the swatch for masked cells; shown when a cell is masked.
  public var maskLegend: LegendText
  package let matrix: Matrix

  /// Creates a heatmap.
  ///
  /// - Parameters:
  ///   - caption: The words around the picture.
  ///   - values: [rows, columns], row by row; a value that is not finite is crossed out and named.
  ///   - mask: [rows, columns], `true` where masked: hatched, never coloured; `nil` for none.
  ///   - rows: The rows, top to bottom.
  ///   - columns: The columns, left to right.
  ///   - quantity: What the values are.
  ///   - transform: How values become colours.
  ///   - legend: The words beside the colour bar.
  ///   - maskLegend: The words beside the swatch for masked cells; shown when a cell is masked.
  public init(
    caption: Caption, values: [Float], mask: [Bool]? = nil, rows: Axis, columns: Axis,
    quantity: Quantity, transform: ScaleTransform = .linear, legend: LegendText,
    maskLegend: LegendText = .masked
  ) {
    let count = rows.count * columns.count
    precondition(
      values.count == count, "\(values.count) values for \(rows.count) × \(columns.count)")
    precondition(
      mask == nil || mask?.count == count, "the mask is not \(rows.count) × \(columns.count)")
    self.caption = caption
    self.rows = rows
    self.columns = columns
    self.quantity = quantity
    self.transform = transform
    self.legend = legend
    self.maskLegend = maskLegend
    matrix = Matrix(rows: rows.count, columns: columns.count, values: values, mask: mask)
  }

  /// Lays the heatmap out.
  public func scene(in style: Style) -> Scene {
    HeatmapLayout(self, in: style).scene()
  }

  /// A value as it stands in a cell; `nil` for a blank.
  package func written(_ value: Double) -> String? {
    switch quantity {
    case .weights: NumberFormat.cellWeight(value)
    case .difference: NumberFormat.cellDifference(value)
    case .signed: NumberFormat.score(value)
    }
  }

  func scale(in style: Style) -> ColorScale {
    switch quantity {
    case .weights: ColorScale(weights: transform, limits: limits ?? 0...1, in: style)
    case .signed, .difference:
      limits.map { ColorScale(limit: $0.upperBound, transform, in: style) }
        ?? ColorScale(largest: matrix.largest, transform, in: style)
    }
  }

  /// How many values lie beyond the limits.
  var beyond: Int {
    guard let limits else { return 0 }
    let range = quantity == .weights ? limits : -limits.upperBound...limits.upperBound
    return matrix.values.indices.count { index in
      matrix.value(index / matrix.columns, index % matrix.columns).map { !range.contains($0) }
        ?? false
    }
  }
}
