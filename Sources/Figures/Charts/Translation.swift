/// The three attentions of an encoder–decoder on one sheet and one scale: the encoder over the source,
/// the masked decoder over the target, and the decoder over the source.
///
/// Columns of the encoder and of the cross-attention are the same source tokens and stand under
/// each other; rows of the decoder and of the cross-attention are the same target tokens.
public struct Translation: Figure {
  /// One map of weights.
  public struct Panel: Equatable, Sendable {
    /// What it is: "Cross-attention".
    public var name: String
    /// The same in a word, where there is little room: "Cross".
    public var shortName: String
    /// Which head: "L3H1", or what was averaged.
    public var head: String
    /// [rows, columns], row by row.
    public var values: [Float]
    /// [rows, columns], `true` where masked; `nil` when nothing is.
    public var mask: [Bool]?
    /// The row that is outlined.
    public var focus: Int?

    /// Creates a panel.
    public init(
      name: String, shortName: String, head: String, values: [Float], mask: [Bool]? = nil,
      focus: Int? = nil
    ) {
      self.name = name
      self.shortName = shortName
      self.head = head
      self.values = values
      self.mask = mask
      self.focus = focus
    }
  }

  /// Its name in the catalogue.
  public static let name = "translation"

  /// The words around the picture. Where `summary` is empty, the figure writes one.
  public var caption: Caption
  /// The tokens that the encoder reads.
  public let source: [TokenLabel]
  /// The tokens that the decoder reads, from the start token.
  public let target: [TokenLabel]
  /// The encoder's map, source × source.
  public let encoder: Panel
  /// The decoder's map, target × target.
  public let decoder: Panel
  /// The decoder's map over the source, target × source.
  public let cross: Panel
  /// The words beside the colour bar.
  public var legend: LegendText

  /// Creates a sheet.
  public init(
    caption: Caption, source: [TokenLabel], target: [TokenLabel], encoder: Panel, decoder: Panel,
    cross: Panel, legend: LegendText = .weights
  ) {
    for (panel, rows, columns) in [
      (encoder, source.count, source.count), (decoder, target.count, target.count),
      (cross, target.count, source.count),
    ] {
      let count = rows * columns
      precondition(count > 0, "\(panel.name) is \(rows) × \(columns)")
      precondition(panel.values.count == count, "\(panel.name) is not \(rows) × \(columns)")
      precondition(panel.mask.map { $0.count == count } ?? true, "the mask of \(panel.name)")
      precondition(panel.focus.map { (0..<rows).contains($0) } ?? true, "row of \(panel.name)")
    }
    self.caption = caption
    self.source = source
    self.target = target
    self.encoder = encoder
    self.decoder = decoder
    self.cross = cross
    self.legend = legend
  }

  /// The heads of encoder, decoder and cross-attention.
  public var heads: [String] { [encoder, decoder, cross].map(\.head) }

  /// Lays the sheet out.
  public func scene(in style: Style) -> Scene { TranslationLayout(self, in: style).scene() }
}

extension LegendText {
  /// Weights of a softmax.
  public static let weights = LegendText(
    name: ["weight ", .formula(.variable("a"))], range: ["all panels"],
    note: ["each row sums to 1"])
}

extension Translation {
  /// The picture in words.
  var summary: String {
    let matrix = Matrix(rows: target.count, columns: source.count, values: cross.values)
    let looks = target.indices.prefix(24).map { row -> String in
      let best = source.indices.max {
        (matrix.value(row, $0) ?? 0) < (matrix.value(row, $1) ?? 0)
      }
      let column = best ?? 0
      return "\(target[row].text) at \(source[column].text) "
        + NumberFormat.weight(matrix.value(row, column) ?? 0)
    }
    let more = target.count > 24 ? ", and so on" : ""
    return "Three heatmaps of attention weights: \(encoder.name) \(encoder.head) over "
      + "\(NumberFormat.count(source.count)) source tokens, \(decoder.name) \(decoder.head) over "
      + "\(NumberFormat.count(target.count)) target tokens, and \(cross.name) \(cross.head). In the "
      + "last one each target token looks most at: \(looks.joined(separator: "; "))\(more)."
  }
}
