import Figures

/// Every text of a scene with the colour painted under it, in the order of painting: areas (also
/// translucent ones), cells of grids and images. Lines are not counted.
struct Grounds {
  /// Where contrast with the text is least: the text's middle or one of its ends.
  private(set) var all: [(text: Text, ground: Color)] = []
  private var areas: [(pieces: [[Point]], clip: [[Point]]?, color: (Point) -> Color?)] = []
  private let theme: Theme

  init(_ scene: Scene, _ theme: Theme) {
    self.theme = theme
    add(scene.marks, Point(0, 0), nil)
  }

  private mutating func add(_ marks: [Mark], _ origin: Point, _ clip: [[Point]]?) {
    for mark in marks {
      switch mark {
      case .path(let path):
        if let fill = path.fill {
          areas.append((Self.pieces(path.steps, origin), clip, { _ in fill }))
        }
      case .text(let text): all.append((text, ground(text, origin)))
      case .group(let group):
        let place = Point(origin.x + group.origin.x, origin.y + group.origin.y)
        add(group.marks, place, group.clip.map { Self.pieces($0, place) } ?? clip)
      case .label(let label): add(label.marks, origin, clip)
      case .image(let image): add(image, origin, clip)
      }
    }
  }

  private mutating func add(_ image: Image, _ origin: Point, _ clip: [[Point]]?) {
    let (frame, size) = (image.frame, image.frame.size)
    let (left, top) = (frame.minX + origin.x, frame.minY + origin.y)
    let corners = [
      Point(left, top), Point(left + size.width, top),
      Point(left + size.width, top + size.height), Point(left, top + size.height),
    ]
    areas.append(
      (
        [corners], clip,
        { point in
          let column = Int((point.x - left) / size.width * Double(image.columns))
          let row = Int((point.y - top) / size.height * Double(image.rows))
          let index = row * image.columns + column
          return image.cells.indices.contains(index) ? image.palette[Int(image.cells[index])] : nil
        }
      ))
  }

  /// The corners of each piece, round corners cut straight.
  private static func pieces(_ steps: [Path.Step], _ origin: Point) -> [[Point]] {
    var pieces: [[Point]] = []
    for step in steps {
      switch step {
      case .move(let point): pieces.append([Point(point.x + origin.x, point.y + origin.y)])
      case .line(let point), .curve(_, _, let point):
        pieces[pieces.count - 1].append(Point(point.x + origin.x, point.y + origin.y))
      case .close: break
      }
    }
    return pieces
  }

  private func ground(_ text: Text, _ origin: Point) -> Color {
    let width = TextMeasure.schematic(text.string, text.font).width
    let back =
      switch text.alignment {
      case .start: 0.0
      case .middle: width / 2
      case .end: width
      }
    let rise = 0.3 * text.font.size
    let grounds = [0.1, 0.5, 0.9].map { share -> Color in
      let along = share * width - back
      let place = Point(origin.x + text.position.x, origin.y + text.position.y)
      return painted(
        text.rotation == 0
          ? Point(place.x + along, place.y - rise) : Point(place.x - rise, place.y - along))
    }
    return grounds.min { $0.contrast(with: text.color) < $1.contrast(with: text.color) }
      ?? theme.paper
  }

  /// What all areas leave visible at a point.
  private func painted(_ point: Point) -> Color {
    areas.reduce(theme.paper) { under, area in
      guard Self.holds(area.pieces, point), area.clip.map({ Self.holds($0, point) }) ?? true,
        let color = area.color(point)
      else { return under }
      func mix(_ low: UInt8, _ high: UInt8) -> UInt8 {
        UInt8((Double(low) + (Double(high) - Double(low)) * color.opacity).rounded())
      }
      return Color(
        red: mix(under.red, color.red), green: mix(under.green, color.green),
        blue: mix(under.blue, color.blue))
    }
  }

  /// Whether a point lies inside: a ray to the right crosses the outline an odd number of times.
  private static func holds(_ pieces: [[Point]], _ point: Point) -> Bool {
    pieces.reduce(0) { count, outline in
      count
        + zip(outline, outline.dropFirst() + outline.prefix(1)).count { start, end in
          guard (start.y > point.y) != (end.y > point.y) else { return false }
          let share = (point.y - start.y) / (end.y - start.y)
          return start.x + share * (end.x - start.x) > point.x
        }
    } % 2 == 1
  }
}
