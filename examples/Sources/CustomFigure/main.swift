// A figure of one's own: how much of its attention every head gives to the first token.
//
//   swift run --package-path examples CustomFigure FILE.svg

import Drawing
import Figures
import Files
import Tensors
import Transformers

/// A square for every head, as dark as the mean weight on the first token.
struct FirstTokenShares: Figure {
  static let name = "first-token"
  var model: String
  /// A row for every layer, a column for every head; 0 to 1.
  var shares: [[Double]]

  func scene(in style: Style) -> Scene {
    let cell = 44.0
    let font = Font(size: 11)
    var marks: [Mark] = []
    for (layer, row) in shares.enumerated() {
      for (head, share) in row.enumerated() {
        let corner = Point(20 + Double(head) * cell, 50 + Double(layer) * cell)
        let level = UInt8((255 * (1 - share)).rounded())
        let square: [Path.Step] = [
          .move(corner), .line(Point(corner.x + cell - 2, corner.y)),
          .line(Point(corner.x + cell - 2, corner.y + cell - 2)),
          .line(Point(corner.x, corner.y + cell - 2)), .close,
        ]
        marks.append(.path(Path(square, fill: Color(red: level, green: level, blue: 255))))
        marks.append(
          .text(
            Text(
              NumberFormat.weight(share), font: font,
              color: share > 0.5 ? Color(0xFFFFFF) : Color(0x000000),
              at: Point(corner.x + 10, corner.y + 26))))
      }
    }
    let title = "How much each head of \(model) rests on the first token"
    marks.append(.text(Text(title, font: font, color: style.theme.ink, at: Point(20, 28))))
    return Scene(
      size: Size(400, 70 + Double(shares.count) * cell), background: style.theme.paper,
      marks: marks, title: title,
      summary: "Rows are layers, columns are heads; each number is a mean weight.")
  }
}

guard CommandLine.arguments.count == 2, let location = ModelStore().named("tiny-gpt") else {
  throw ModelError(.badText, "name the file to write")
}
let run = try Model(location).run(
  "The cat sat on the mat.", pass: Pass(recording: Recording([.weights])))
let shares = (0..<run.configuration.layers).map { layer in
  (0..<run.configuration.heads).map { head -> Double in
    guard let map = run.trace[.weights, layer: layer, head: head] else { return 0 }
    return (0..<map.rows).reduce(0) { $0 + Double(map[$1, 0]) } / Double(map.rows)
  }
}
let scene = FirstTokenShares(model: run.model, shares: shares).scene(in: Style(measure: .typeset))
try writeFile(CommandLine.arguments[1], scene.data(Export(.svg)))
