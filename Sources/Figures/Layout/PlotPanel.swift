/// A plot with a heading and a few words under it, in a page that has several.
struct PlotPanel {
  /// The name of its label in the scene.
  var name: String
  /// What it shows.
  var heading: String
  /// What its axes and marks are, small.
  var words: [Inline]
  /// The height of the plot.
  var height: Double
  /// Whether the title of an axis stands under the plot.
  var hasTitle: Bool
  /// The plot in an area that is as wide as the panel, numbers beside its axes inside.
  var marks: (Rectangle) -> [Mark]

  init(
    _ name: String, _ heading: String, _ words: [Inline] = [], height: Double,
    hasTitle: Bool = true, marks: @escaping (Rectangle) -> [Mark]
  ) {
    (self.name, self.heading, self.words) = (name, heading, words)
    (self.height, self.hasTitle, self.marks) = (height, hasTitle, marks)
  }

  private static let headingLead = 9.0
  private static let lead = 8.0

  fileprivate func lines(_ width: Double, in style: Style) -> (heading: [Box], words: [Box]) {
    let heading = RichText(
      [.text(self.heading)], TextStyle(font: .heading, color: style.theme.ink), width: width,
      measure: style.measure)
    let words = RichText(
      words, TextStyle(font: .note, color: style.theme.secondary), width: width,
      measure: style.measure)
    return (heading.lines, self.words.isEmpty ? [] : words.lines)
  }

  /// From the top of the panel to its plot.
  fileprivate func lead(_ width: Double, in style: Style) -> Double {
    let lines = lines(width, in: style)
    return Self.headingLead * Double(lines.heading.count) + Self.lead * Double(lines.words.count)
      + 9
  }

  /// The heading and the words, the first baseline 7 points under the corner.
  fileprivate func head(at corner: Point, _ width: Double, in style: Style) -> [Mark] {
    let lines = lines(width, in: style)
    var y = corner.y + 7 - Self.headingLead
    var marks: [Mark] = []
    for line in lines.heading {
      y += Self.headingLead
      marks += line.marks(at: Point(corner.x, y))
    }
    y += 1
    for line in lines.words {
      y += Self.lead
      marks += line.marks(at: Point(corner.x, y))
    }
    return marks
  }
}

extension Page {
  /// The distance between two panels side by side.
  static let panelGap = 22.0

  /// Sets panels side by side, their plots on one line; `y` is the top and becomes the lowest point.
  ///
  /// - Parameter shares: The share of the width that each has; equal ones where there are none.
  mutating func row(_ panels: [PlotPanel], shares: [Double] = []) {
    let room = width - Self.panelGap * Double(max(panels.count - 1, 0))
    let widths = panels.indices.map { index in
      room * (shares.isEmpty ? 1 / Double(panels.count) : shares[index])
    }
    let lead = zip(panels, widths).map { $0.lead($1, in: style) }.max() ?? 0
    let top = y
    var (x, bottom) = (left, y)
    for (panel, width) in zip(panels, widths) {
      let area = Rectangle(x: x, y: top + lead, width: width, height: panel.height)
      add(panel.name, panel.head(at: Point(x, top), width, in: style) + panel.marks(area))
      bottom = max(bottom, area.maxY + (panel.hasTitle ? PlotFrame.titleBaseline + 2 : 0))
      x += width + Self.panelGap
    }
    y = bottom
  }

  /// Sets panels in rows of a number of columns.
  mutating func rows(_ panels: [PlotPanel], columns: Int, gap: Double = 14) {
    for start in stride(from: 0, to: panels.count, by: columns) {
      if start > 0 { y += gap }
      row(Array(panels[start..<min(start + columns, panels.count)]))
    }
  }
}
