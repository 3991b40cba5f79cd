/// Pieces side by side in rows, as words on a page.
struct Flow {
  /// The place of one piece.
  struct Place: Equatable {
    /// The row, from 0.
    var row: Int
    /// The left edge, from the left edge of the row.
    var x: Double
  }

  /// One place a piece, in their order.
  let places: [Place]
  /// The number of rows.
  let rows: Int
  /// How far the longest row reaches.
  let width: Double

  /// Breaks pieces into rows no wider than `width`; a wider piece stands alone.
  init(widths: [Double], gap: Double, in width: Double) {
    var (places, x, row, reach) = ([Place](), 0.0, 0, 0.0)
    for piece in widths {
      if x > 0, x + piece > width + 0.01 { (x, row) = (0, row + 1) }
      places.append(Place(row: row, x: x))
      reach = max(reach, x + piece)
      x += piece + gap
    }
    self.places = places
    self.width = reach
    rows = widths.isEmpty ? 0 : row + 1
  }
}
