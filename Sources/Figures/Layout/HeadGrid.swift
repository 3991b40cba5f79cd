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
  private static let gutter = 14.0
  private static let blockGap = 10.0
  /// The room above a block for "H5".
  private static let header = 12.0
  private static let largest = Double.millimetres(30)
  private static let least = Double.millimetres(7.5)

  /// Chooses panels and folding for a sheet.
  ///
  /// - Parameters:
  ///   - aspect: A panel's height over its width.
  ///   - width: The width to fill; `nil` for an A4 sheet, or more when panels would be too small.
  init(layers: Int, heads: Int, aspect: Double, hasBars: Bool, width: Double?) {
    self.layers = layers
    self.heads = heads
    let available = width ?? .millimetres(170)
    let candidates = (1...3).filter { $0 == 1 || $0 * 3 <= layers }.map { blocks in
      Self.panel(heads: heads, blocks: blocks, in: available)
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

  /// The side of a panel when a number of blocks fill a width.
  private static func panel(heads: Int, blocks: Int, in width: Double) -> Double {
    let columns = Double(heads * blocks)
    let free = width - gutter * Double(blocks) - blockGap * Double(blocks - 1)
    let gaps = Double((heads - 1) * blocks)
    let side = (free - 3.4 * gaps) / columns
    return min(side > 17 ? side : free / (columns + 0.2 * gaps), largest)
  }

  private static func gap(_ side: Double) -> Double { min(3.4, 0.2 * side) }

  private var rows: Int { (layers + blocks - 1) / blocks }
  private var blockWidth: Double {
    Self.gutter + Double(heads) * panel.width + Double(heads - 1) * gap
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
      x: Double(block) * (blockWidth + Self.blockGap) + Self.gutter
        + Double(head) * (panel.width + gap),
      y: Self.header + Double(row) * pitch, width: panel.width, height: panel.height)
  }

  /// Every how manyth head is named so that names do not touch.
  func headStep(nameWidth: Double) -> Int {
    max(1, Int(((nameWidth + 2) / (panel.width + gap)).rounded(.up)))
  }

  /// The names of layers and heads: "L3" left of each row, "H5" above each block.
  func labels(_ layerNumbers: [Int], _ headNumbers: [Int], in style: Style) -> [Mark] {
    let color = style.theme.secondary
    let widest = headNumbers.map { style.measure("H\($0)", .axis).width }.max() ?? 0
    let step = headStep(nameWidth: widest)
    var marks: [Mark] = []
    for first in stride(from: 0, to: layers, by: rows) {
      for head in stride(from: 0, to: heads, by: step) {
        let frame = frame(layer: first, head: head)
        let point = Point((frame.minX + frame.maxX) / 2, frame.minY - 4.5)
        let name = "H\(headNumbers[head])"
        marks.append(
          .text(Text(name, font: .axis, color: color, at: point, alignment: .middle)))
      }
    }
    for layer in 0..<layers {
      let frame = frame(layer: layer, head: 0)
      let point = Point(frame.minX - Self.gutter, (frame.minY + frame.maxY) / 2 + 0.32 * 7)
      marks.append(.text(Text("L\(layerNumbers[layer])", font: .axis, color: color, at: point)))
    }
    return marks
  }
}
