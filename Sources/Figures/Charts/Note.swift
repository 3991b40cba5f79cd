/// A heading and its explanation, wrapped.
struct Note {
  private let lines: [Box]

  /// Where a line from outside arrives, below the top.
  static let arrival = 4.1
  private static let heading = 6.5
  private static let lead = 9.2
  private static let gap = 8.0

  init(_ callout: Gallery.Callout, width: Double, in style: Style) {
    let heading = RichText(
      [.text(callout.heading)], TextStyle(font: .heading, color: style.theme.ink), width: width,
      measure: style.measure)
    let text = RichText(
      callout.text, TextStyle(font: .body, color: style.theme.secondary), width: width,
      measure: style.measure)
    lines = heading.lines + text.lines
  }

  var height: Double { Self.heading + Double(lines.count - 1) * Self.lead + 2 }

  func marks(at point: Point) -> [Mark] {
    lines.enumerated().flatMap { index, line in
      line.marks(at: Point(point.x, point.y + Self.heading + Double(index) * Self.lead))
    }
  }

  /// The tops of notes under each other, each as near to its place as the others allow; may pass
  /// the end of the range when there are too many.
  static func tops(
    _ notes: [Note], near places: [Double], in range: ClosedRange<Double>
  ) -> [Double] {
    var tops = zip(notes, places).map { $1 - $0.height / 2 }
    var end = range.upperBound
    for index in notes.indices.reversed() {
      tops[index] = min(tops[index], end - notes[index].height)
      end = tops[index] - gap
    }
    var start = range.lowerBound
    for index in notes.indices {
      tops[index] = max(tops[index], start)
      start = tops[index] + notes[index].height + gap
    }
    return tops
  }
}

/// A number on a dark dot, in a picture and beside the words about it.
struct NumberedDot {
  let number: Int
  let theme: Theme

  func marks(at center: Point) -> [Mark] {
    let ring = Path.Stroke(theme.paper, width: 0.8)
    let font = Font(size: 5.5, weight: .semibold)
    let place = Point(center.x, center.y + 0.364 * 5.5)
    return [
      .dot(at: center, radius: 3.6, fill: theme.ink, stroke: ring),
      .text(Text(String(number), font: font, color: theme.paper, at: place, alignment: .middle)),
    ]
  }
}
