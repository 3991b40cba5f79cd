#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where the panels of all heads stand: rows are layers, columns heads. Many layers of few heads
/// are folded into blocks side by side.
struct HeadGrid {
  let layers: Int
  let heads: Int
  /// The size of one panel.
  let panel: Size
  /// From one layer to the next.
  let pitch: Double
  private let blocks: Int
  private let gap: Double

  /// The room for "L11" left of a block.
  let gutter: Double
  private static let blockGap = 10.0
  /// The room above a block for "H5".
  private static let header = 12.0
  private static let least = Double.millimetres(7.5)

  /// Chooses panels and folding for a sheet.
  ///
  /// - Parameters:
  ///   - aspect: A panel's height over its width.
  ///   - width: The width to fill; `nil` for an A4 sheet, or more when panels would be too small.
  ///   - gutter: The room for the layers' names, at least 14.
  ///   - largest: The widest panel that still looks well.
  init(
    layers: Int, heads: Int, aspect: Double, hasBars: Bool, width: Double?, gutter: Double,
    largest: Double
  ) {
    self.layers = layers
    self.heads = heads
    self.gutter = max(gutter, 14)
    let available = width ?? .millimetres(170)
    let candidates = (1...3).filter { $0 == 1 || $0 * 3 <= layers }.map { blocks in
      let free = available - max(gutter, 14) * Double(blocks) - Self.blockGap * Double(blocks - 1)
      return min(Self.panel(heads: heads, blocks: blocks, in: free), largest)
    }
    let room = hasBars ? 13.0 : 7.0
    func unevenness(_ blocks: Int) -> Double {
      let rows = Double((layers + blocks - 1) / blocks)
      return abs(log(rows * (candidates[blocks - 1] * aspect + room) / available))
    }
    let usable = candidates.indices.map { $0 + 1 }
      .filter { $0 == 1 || candidates[$0 - 1] >= Self.least }
    blocks = usable.min { unevenness($0) < unevenness($1) } ?? 1
    let fitting = candidates[blocks - 1]
    let side = width == nil ? max(fitting, Self.least) : fitting
    panel = Size(side, side * aspect)
    gap = Self.gap(side)
    pitch = panel.height + min(room, 5 + 0.4 * side)
  }

  /// The side of a panel when a number of blocks share the free width; 30 mm, or 45 when there are
  /// only two columns.
  private static func panel(heads: Int, blocks: Int, in free: Double) -> Double {
    let columns = Double(heads * blocks)
    let gaps = Double((heads - 1) * blocks)
    let side = (free - 3.4 * gaps) / columns
    let largest = Double.millimetres(min(max(90 / columns, 30), 45))
    return min(side > 17 ? side : free / (columns + 0.2 * gaps), largest)
  }

  private static func gap(_ side: Double) -> Double { min(3.4, 0.2 * side) }

  private var rows: Int { (layers + blocks - 1) / blocks }
  private var blockWidth: Double {
    gutter + Double(heads) * panel.width + Double(heads - 1) * gap
  }

  /// The extent with labels; the last row ends with its pitch.
  var size: Size {
    Size(
      Double(blocks) * blockWidth + Double(blocks - 1) * Self.blockGap,
      Self.header + Double(rows) * pitch)
  }

  /// The place of a panel, by the indices of its layer and head.
  func frame(layer: Int, head: Int) -> Rectangle {
    let (block, row) = (layer / rows, layer % rows)
    return Rectangle(
      x: Double(block) * (blockWidth + Self.blockGap) + gutter
        + Double(head) * (panel.width + gap),
      y: Self.header + Double(row) * pitch, width: panel.width, height: panel.height)
  }

  /// The font of the heads' names, and every how manyth is named, so that names do not touch.
  func headNames(_ numbers: [Int], in style: Style) -> (font: Font, step: Int) {
    func room(_ font: Font) -> Double {
      (numbers.map { style.measure("H\($0)", font).width }.max() ?? 0) + 3
    }
    let small = Font(size: 6, weight: .medium)
    let pitch = panel.width + gap
    guard room(.axis) > pitch else { return (.axis, 1) }
    return (small, max(1, Int((room(small) / pitch).rounded(.up))))
  }

  /// The names of layers and heads: "L3" left of each row, "H5" above each block.
  func labels(_ layerNumbers: [Int], _ headNumbers: [Int], in style: Style) -> [Mark] {
    let color = style.theme.secondary
    let names = headNames(headNumbers, in: style)
    var marks: [Mark] = []
    for first in stride(from: 0, to: layers, by: rows) {
      for head in stride(from: 0, to: heads, by: names.step) {
        let frame = frame(layer: first, head: head)
        let point = Point((frame.minX + frame.maxX) / 2, frame.minY - 4.5)
        let name = "H\(headNumbers[head])"
        marks.append(
          .text(Text(name, font: names.font, color: color, at: point, alignment: .middle)))
      }
    }
    for layer in 0..<layers {
      let frame = frame(layer: layer, head: 0)
      let point = Point(frame.minX - gutter, (frame.minY + frame.maxY) / 2 + 0.32 * 7)
      marks.append(.text(Text("L\(layerNumbers[layer])", font: .axis, color: color, at: point)))
    }
    return marks
  }
}
