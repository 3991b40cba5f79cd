/// How a model knows the order of tokens: its position encodings as a map, how similar they are at
/// a distance, and what is left without them.
public struct Positions: Figure {
  /// How similar the encodings of two positions are, by their distance.
  public struct Similarity: Equatable, Sendable {
    /// The mean over pairs.
    public var mean: Double
    /// The smallest.
    public var low: Double
    /// The largest.
    public var high: Double

    /// Creates a similarity.
    public init(mean: Double, low: Double, high: Double) {
      self.mean = mean
      self.low = low
      self.high = high
    }
  }

  /// The scores of two equal tokens, with positions and without.
  public struct Comparison: Equatable, Sendable {
    /// The names of the two tokens.
    public var names: [String]
    /// The keys.
    public var keys: [TokenLabel]
    /// The rows of scores: both tokens with positions, then both without.
    public var rows: [[Float]]

    /// Creates a comparison of two tokens.
    public init(names: [String], keys: [TokenLabel], rows: [[Float]]) {
      precondition(names.count == 2 && rows.count == 4, "two tokens, each twice")
      precondition(rows.allSatisfy { $0.count == keys.count }, "a score for every key")
      self.names = names
      self.keys = keys
      self.rows = rows
    }
  }

  /// Its name in the catalogue.
  public static let name = "positions"

  /// The words around the picture.
  public var caption: Caption
  /// The encodings, position by position.
  public var values: [Float]
  /// How many positions the map has.
  public var positions: Int
  /// How many dimensions, or pairs of them, it has.
  public var dimensions: Int
  /// Where the colours end, when a few values are much larger than all others: a round value that
  /// 99.5 % of the magnitudes do not exceed; `nil` when that would be no help.
  var limit: Double? {
    let sorted = values.filter(\.isFinite).map { Double($0.magnitude) }.sorted()
    guard let largest = sorted.last, sorted.count > 400 else { return nil }
    let common = sorted[Int(Double(sorted.count - 1) * 0.995)]
    let limit = ColorScale(largest: common, .linear, in: Style()).range.upperBound
    return limit > 0 && largest > 2.5 * limit ? limit : nil
  }
  /// What a column is: "dimension", "pair of dimensions".
  public var columnName: String
  /// The words beside the colour bar.
  public var legend: LegendText
  /// From distance 0 on.
  public var similarity: [Similarity]
  /// What similarity is measured by.
  public var similarityName: String
  /// Two equal tokens; `nil` when the text has none.
  public var comparison: Comparison?

  /// Creates the figure.
  public init(
    caption: Caption, values: [Float], positions: Int, dimensions: Int, columnName: String,
    legend: LegendText, similarity: [Similarity], similarityName: String, comparison: Comparison?
  ) {
    precondition(positions > 0 && dimensions > 0, "a map without cells")
    precondition(values.count == positions * dimensions, "\(values.count) values")
    self.caption = caption
    self.values = values
    self.positions = positions
    self.dimensions = dimensions
    self.columnName = columnName
    self.legend = legend
    self.similarity = similarity
    self.similarityName = similarityName
    self.comparison = comparison
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { PositionsLayout(self, in: style).scene() }
}
