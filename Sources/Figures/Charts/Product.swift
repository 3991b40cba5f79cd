/// One query times one key, dimension by dimension: why their score is what it is.
public struct Product: Figure {
  /// Its name in the catalogue.
  public static let name = "product"

  /// The words around the picture.
  public var caption: Caption
  /// The token that looks.
  public var queryName: String
  /// The token that is looked at.
  public var keyName: String
  /// The query's numbers.
  public var query: [Double]
  /// The key's numbers, as many.
  public var key: [Double]
  /// From the sum to the weight, one line each.
  public var steps: [[Inline]]

  /// Creates the figure.
  public init(
    caption: Caption, queryName: String, keyName: String, query: [Double], key: [Double],
    steps: [[Inline]]
  ) {
    precondition(query.count == key.count && !query.isEmpty, "vectors of different widths")
    self.caption = caption
    self.queryName = queryName
    self.keyName = keyName
    self.query = query
    self.key = key
    self.steps = steps
  }

  /// The terms of the sum.
  public var terms: [Double] { zip(query, key).map { $0 * $1 } }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { ProductLayout(self, in: style).scene() }
}
