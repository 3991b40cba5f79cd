/// Marks set around the origin of a baseline, with their extent: what formulas and lines of text
/// are built of.
package struct Box: Equatable, Sendable {
  /// The advance.
  package var width: Double
  /// The reach above the baseline.
  package var ascent: Double
  /// The reach below the baseline.
  package var descent: Double
  /// The marks; the baseline starts at the origin.
  package var marks: [Mark]

  /// An empty box, a space of the given width.
  static func space(_ width: Double) -> Box {
    Box(width: width, ascent: 0, descent: 0, marks: [])
  }

  /// The marks with the baseline's start at a point.
  func marks(at point: Point) -> [Mark] { marks.map { $0.moved(x: point.x, y: point.y) } }

  /// The box raised (or, with a negative distance, lowered).
  func raised(by distance: Double) -> Box {
    Box(
      width: width, ascent: ascent + distance, descent: descent - distance,
      marks: marks.map { $0.moved(x: 0, y: -distance) })
  }

  /// Boxes side by side on one baseline.
  static func row(_ boxes: [Box]) -> Box {
    var row = Box.space(0)
    for box in boxes {
      row.marks += box.marks(at: Point(row.width, 0))
      row.width += box.width
      row.ascent = max(row.ascent, box.ascent)
      row.descent = max(row.descent, box.descent)
    }
    return row
  }
}
