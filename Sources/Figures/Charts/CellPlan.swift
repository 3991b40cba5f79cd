/// How large the cells of a heatmap are, and how they are drawn.
struct CellPlan {
  private let rows: Int
  private let columns: Int
  /// The room the widest number needs; `nil` when no number is printed.
  private let room: Double?
  /// Whether the grid grows until its numbers fit.
  private let isAlways: Bool
  /// Whether rows and columns are the same kind of thing, so that cells are square.
  private let isSquare: Bool
  private(set) var width: Double
  private(set) var height: Double

  /// The longest side of a grid that grows.
  private static let longest = Double.millimetres(260)
  /// Above this many columns numbers and gaps would only be noise.
  private static let mostColumns = 40
  /// Cells grow to this when there are few.
  private static let largest = Double.millimetres(9)
  /// Below this, cells are an image without gaps.
  private static let leastRectangle = 8.5

  /// The cells of a heatmap that may grow.
  init(_ heatmap: Heatmap, in style: Style) {
    rows = heatmap.rows.count
    columns = heatmap.columns.count
    if case .numbers = heatmap.columns.labels, columns > 16 {
      isSquare = false
    } else {
      isSquare = true
    }
    isAlways = heatmap.numbers == .always
    let mayHaveNumbers =
      isAlways || isSquare && columns <= Self.mostColumns && heatmap.numbers == .whereTheyFit
    room = mayHaveNumbers ? Self.room(heatmap, style) : nil
    let count = Double(max(rows, columns, 1))
    let least = Double.millimetres(heatmap.quantity == .weights ? 4.4 : 4.8)
    let side = min(max(.millimetres(50) / count, least), Self.largest)
    if !isSquare {
      width = min(.millimetres(120) / Double(columns), .millimetres(3))
      height = min(max(.millimetres(50) / Double(rows), 8.5), .millimetres(4.4))
    } else {
      width = columns > Self.mostColumns && !isAlways ? .millimetres(2.7) : max(side, room ?? 0)
      height = width
    }
    if isAlways {
      width = max(width, room ?? 0)
      height = max(height, 9)
    } else {
      limit(to: Self.longest)
    }
  }

  /// The same cells in a given width.
  func fitted(to available: Double) -> CellPlan {
    var plan = self
    let largest = isSquare ? Self.largest : .millimetres(4)
    plan.width = min(max(available, 1) / Double(columns), max(width, largest))
    if isSquare { plan.height = plan.width }
    plan.limit(to: max(available, Self.longest))
    return plan
  }

  /// The extent of the grid.
  var size: Size { Size(width * Double(columns), height * Double(rows)) }

  /// Whether the cells are one image.
  var isImage: Bool {
    !isAlways && (columns > Self.mostColumns || rows > 2 * Self.mostColumns)
      || min(width, height) < Self.leastRectangle
  }

  /// The font of the numbers in the cells: larger where all of them have room; `nil` where they do
  /// not fit at all.
  var numberFont: Font? {
    guard let room, !isImage, width >= room else { return nil }
    return width >= 18 && width >= 1.3 * room ? .body : .cell
  }

  private mutating func limit(to longest: Double) {
    let isTooTall = height * Double(rows) > longest
    width = min(width, longest / Double(columns))
    height = min(height, longest / Double(rows))
    if isSquare && isTooTall { width = min(width, height) }
    if isSquare { height = min(width, height) }
  }

  /// The widest number and 1.2 around it, gap apart.
  private static func room(_ heatmap: Heatmap, _ style: Style) -> Double? {
    var widest = 0.0
    var seen: Set<String> = []
    for index in heatmap.matrix.values.indices {
      let place = (index / heatmap.matrix.columns, index % heatmap.matrix.columns)
      guard let value = heatmap.matrix.value(place.0, place.1), let text = heatmap.written(value),
        seen.insert(text).inserted
      else { continue }
      widest = max(widest, style.measure(text, .cell).width)
    }
    return widest + 1.7 <= 32 ? widest + 1.7 : nil
  }
}
