import Figures

/// What the texts of a scene cover with ink, as `.schematic` measures it.
struct Inks {
  struct Ink {
    var text: Text
    var box: Rectangle
  }

  private(set) var all: [Ink] = []

  init(_ scene: Scene) { add(scene.marks, at: Point(0, 0)) }

  var strings: [String] { all.map(\.text.string) }

  /// Pairs of texts that overlap by more than a hundredth of a point.
  var collisions: [String] {
    let sorted = all.sorted { $0.box.minX < $1.box.minX }
    var found: [String] = []
    for (index, ink) in sorted.enumerated() {
      for other in sorted[(index + 1)...] {
        if other.box.minX >= ink.box.maxX { break }
        if ink.box.inset(by: 0.01).intersects(other.box.inset(by: 0.01)) {
          found.append("“\(ink.text.string)” and “\(other.text.string)” at \(other.box.origin)")
        }
      }
    }
    return found
  }

  /// Texts that leave a rectangle.
  func outside(_ page: Rectangle) -> [String] {
    all.filter { ink in
      ink.box.minX < page.minX || ink.box.maxX > page.maxX || ink.box.minY < page.minY
        || ink.box.maxY > page.maxY
    }.map { "“\($0.text.string)” at \($0.box)" }
  }

  private mutating func add(_ marks: [Mark], at origin: Point) {
    for mark in marks {
      switch mark {
      case .text(let text): all.append(Ink(text: text, box: box(text, origin)))
      case .group(let group):
        add(group.marks, at: Point(origin.x + group.origin.x, origin.y + group.origin.y))
      case .label(let label): add(label.marks, at: origin)
      case .path, .image: break
      }
    }
  }

  private func box(_ text: Text, _ origin: Point) -> Rectangle {
    let extents = TextMeasure.schematic(text.string, text.font)
    let back =
      switch text.alignment {
      case .start: 0.0
      case .middle: extents.width / 2
      case .end: extents.width
      }
    let height = extents.ascent + extents.descent
    let (x, y) = (origin.x + text.position.x, origin.y + text.position.y)
    return text.rotation == 0
      ? Rectangle(x: x - back, y: y - extents.ascent, width: extents.width, height: height)
      : Rectangle(
        x: x - extents.ascent, y: y + back - extents.width, width: height, height: extents.width)
  }
}

/// The laws of every figure: no two texts meet, none leaves the margins.
func violations(_ figure: any Figure, _ style: Style) -> [String] {
  let scene = figure.scene(in: style)
  let inks = Inks(scene)
  // Half a point is left to the last label of a full row, a quarter of the margin to the foot.
  let margin = Double.millimetres(style.width == nil ? 6 : 2) * style.scale
  let slack = 0.3 * style.scale
  let page = Rectangle(
    x: margin - slack, y: margin - slack, width: scene.size.width - 2 * (margin - slack),
    height: scene.size.height - 1.75 * margin + slack)
  let isWide = style.width.map { abs($0 - scene.size.width) > 0.01 } ?? false
  return inks.collisions + inks.outside(page) + (isWide ? ["\(scene.size.width) wide"] : [])
}
