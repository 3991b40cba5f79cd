/// What marks stand for: samples with words, in one line where they fit, else in several.
struct SampleKey {
  /// A sample, drawn from the start of a baseline, with its words.
  struct Item {
    var sample: [Mark]
    var width: Double
    var words: String

    init(_ sample: [Mark], width: Double, _ words: String) {
      self.sample = sample
      self.width = width
      self.words = words
    }
  }

  let items: [Item]
  let style: Style

  /// Sets the key from a margin; `y` of the page is the first baseline and becomes the last.
  func place(on page: inout Page, from left: Double? = nil) {
    let start = left ?? page.left
    var (x, marks) = (start, [Mark]())
    for item in items {
      let lead = item.width + 4
      let words = style.measure.shortened(item.words, .note, to: page.right - start - lead)
      let width = lead + style.measure(words, .note).width
      if x > start, x + width > page.right { (x, page.y) = (start, page.y + 9) }
      marks += item.sample.map { $0.moved(x: x, y: page.y) }
      marks.append(
        .text(
          Text(words, font: .note, color: style.theme.secondary, at: Point(x + lead, page.y))))
      x += width + 14
    }
    page.add("key", marks)
  }
}
