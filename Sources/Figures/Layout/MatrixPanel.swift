/// Draws a matrix into a frame: cells as rectangles or one image, masked and invalid cells marked.
struct MatrixPanel {
  let matrix: Matrix
  let scale: ColorScale
  let theme: Theme
  let frame: Rectangle

  /// The smallest cell that can be seen; smaller ones are drawn in blocks.
  static let leastCell = Double.millimetres(0.12)

  private var width: Double { frame.size.width / Double(matrix.columns) }
  private var height: Double { frame.size.height / Double(matrix.rows) }

  /// The place of one cell.
  func cell(_ row: Int, _ column: Int) -> Rectangle {
    Rectangle(
      x: frame.minX + Double(column) * width, y: frame.minY + Double(row) * height,
      width: width, height: height)
  }

  /// Cells as rectangles, 0.5 apart on a plate; one path for each colour.
  func rectangles() -> [Mark] {
    var paths: [Int: [Path.Step]] = [:]
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        guard let value = matrix.value(row, column) else { continue }
        let steps = Path.rectangle(cell(row, column).inset(by: 0.25))
        paths[scale.index(of: value), default: []] += steps
      }
    }
    let cells = paths.sorted { $0.key < $1.key }
      .map { Mark.path(Path($0.value, fill: scale.colors[$0.key])) }
    return [.rectangle(frame.inset(by: -0.25), fill: theme.plate)] + cells
  }

  /// All cells as one image without gaps; masked ones are flat and grey.
  func image() -> Mark {
    let last = min(scale.colors.count, 255) - 1
    let palette = (0...last).map { scale.colors[$0 * (scale.colors.count - 1) / last] }
    let drawn = Self.drawn(matrix, in: frame.size)
    let small = matrix.condensed(rows: drawn.rows, columns: drawn.columns)
    let cells = small.values.indices.map { index -> UInt8 in
      guard let value = small.value(index / small.columns, index % small.columns) else {
        return UInt8(last + 1)
      }
      return UInt8((scale.position(of: value) * Double(last)).rounded())
    }
    return .image(
      Image(
        columns: small.columns, rows: small.rows, palette: palette + [theme.plate],
        cells: cells, frame: frame))
  }

  /// How many rows and columns of a matrix can be seen in a frame.
  private static func drawn(_ matrix: Matrix, in size: Size) -> (rows: Int, columns: Int) {
    (
      min(matrix.rows, max(Int(size.height / leastCell), 1)),
      min(matrix.columns, max(Int(size.width / leastCell), 1))
    )
  }

  /// The blocks that an image in a frame is condensed to, "2 × 2"; `nil` when every cell is drawn.
  ///
  /// - Parameter reduction: How many rows and columns each value of the matrix stands for.
  static func block(
    _ matrix: Matrix, in size: Size, reduction: (rows: Int, columns: Int) = (1, 1)
  ) -> String? {
    let drawn = drawn(matrix, in: size)
    let block = (
      (matrix.rows + drawn.rows - 1) / drawn.rows * reduction.rows,
      (matrix.columns + drawn.columns - 1) / drawn.columns * reduction.columns
    )
    return block == (1, 1) ? nil : "\(block.0) × \(block.1)"
  }

  /// Numbers in the cells; the writer returns `nil` for a blank.
  func numbers(_ font: Font, _ write: (Double) -> String?) -> [Mark] {
    var marks: [Mark] = []
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        guard let value = matrix.value(row, column), let string = write(value) else { continue }
        let (place, color) = (cell(row, column), scale.color(of: value))
        let isQuiet = value == 0 && color == theme.paper
        let point = Point(
          place.minX + width / 2, place.minY + height / 2 + 0.364 * font.size)
        marks.append(
          .text(
            Text(
              string, font: font, color: isQuiet ? theme.secondary : theme.text(on: color),
              at: point, alignment: .middle)))
      }
    }
    return marks
  }

  /// The hatch over what is masked: one shape.
  func hatch() -> [Mark] {
    let outline = CellOutline(
      rows: matrix.rows, columns: matrix.columns, contains: matrix.isMasked)
    guard !outline.loops.isEmpty else { return [] }
    let steps = outline.steps(in: frame, rows: matrix.rows, columns: matrix.columns)
    return [Hatch(theme: theme).fill(steps, in: frame)]
  }

  /// Frames around the rows the figure is about, thin where rows are.
  func frames(around rows: [Int]) -> [Mark] {
    rows.flatMap { row -> [Mark] in
      let first = cell(row, 0)
      let width = first.size.height < 4 ? 0.35 : 0.6
      let outline = Rectangle(
        x: first.minX, y: first.minY, width: frame.size.width, height: first.size.height
      ).inset(by: -width / 2)
      return [
        .rectangle(outline, stroke: .init(theme.paper, width: 2 * width)),
        .rectangle(outline, stroke: .init(theme.ink, width: width)),
      ]
    }
  }

  /// Crosses over cells that hold no number, never smaller than 2 points.
  func crosses() -> [Mark] {
    let cells = matrix.invalid.map { cell($0.row, $0.column) }
    guard !cells.isEmpty else { return [] }
    let arm = max(0.3 * min(width, height), 1)
    let plates = cells.flatMap { Path.rectangle($0.inset(by: 0.25)) }
    let lines = cells.flatMap { cell -> [Path.Step] in
      let (x, y) = (cell.minX + width / 2, cell.minY + height / 2)
      return [
        .move(Point(x - arm, y - arm)), .line(Point(x + arm, y + arm)),
        .move(Point(x - arm, y + arm)), .line(Point(x + arm, y - arm)),
      ]
    }
    return [
      .path(Path(plates, fill: theme.plate)),
      .path(Path(lines, stroke: .init(theme.warn, width: 0.6))),
    ]
  }
}
