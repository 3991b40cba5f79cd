/// A model as the diagram of Vaswani et al. 2017, figure 1, with its own parts, shapes and counts.
public struct Architecture: Figure {
  /// What adds to the stream: a function with the norms that stand around it.
  public struct Sublayer: Equatable, Sendable {
    /// What normalises what it sees.
    public var before: DiagramBox?
    /// What it does.
    public var function: DiagramBox
    /// What normalises what it adds.
    public var inside: DiagramBox?
    /// What adds and normalises; without it there is only a sum.
    public var after: DiagramBox?
    /// Whether keys and values come from the tower at the left.
    public var looksLeft: Bool

    /// Creates a sublayer.
    public init(
      before: DiagramBox? = nil, _ function: DiagramBox, inside: DiagramBox? = nil,
      after: DiagramBox? = nil, looksLeft: Bool = false
    ) {
      (self.before, self.function, self.inside) = (before, function, inside)
      (self.after, self.looksLeft) = (after, looksLeft)
    }
  }

  /// A part of a tower.
  public indirect enum Part: Equatable, Sendable {
    /// A box on the stem.
    case box(DiagramBox)
    /// Something that is added: positions are a wave.
    case added(String, isWave: Bool)
    /// The shape of what flows there.
    case shape(String)
    /// A sublayer with the line around it.
    case sublayer(Sublayer)
    /// Two functions of one stream, whose sum is added to it.
    case sideBySide(shared: DiagramBox?, left: [DiagramBox], right: [DiagramBox])
    /// Parts that are repeated, in a frame, with what stands beside it.
    case repeated([Part], times: String, notes: [String])
  }

  /// What goes in at the bottom and comes out at the top of the parts, which are listed upwards.
  public struct Tower: Equatable, Sendable {
    /// What goes in: its name, and a fact.
    public var input: (title: String, note: String)
    /// The parts from the bottom up.
    public var parts: [Part]
    /// What comes out; `nil` where the next tower takes it.
    public var output: (title: String, note: String)?

    /// Creates a tower.
    public init(
      input: (title: String, note: String), parts: [Part],
      output: (title: String, note: String)?
    ) {
      (self.input, self.parts, self.output) = (input, parts, output)
    }

    /// Whether two towers are the same.
    public static func == (a: Tower, b: Tower) -> Bool {
      a.input == b.input && a.parts == b.parts && a.output?.title == b.output?.title
        && a.output?.note == b.output?.note
    }
  }

  /// A count of parameters.
  public struct Count: Equatable, Sendable {
    /// What has them.
    public var name: String
    /// How many, for all that are meant.
    public var count: Int

    /// Creates a count.
    public init(_ name: String, _ count: Int) { (self.name, self.count) = (name, count) }
  }

  /// Its name in the catalogue.
  public static let name = "architecture"

  /// The words around the picture.
  public var caption: Caption
  /// One tower, or the encoder's and the decoder's.
  public var towers: [Tower]
  /// The shape of what the first tower hands to the second.
  public var handed: String?
  /// The parameters, whose sum is the model's.
  public var counts: [Count]
  /// The formulas of attention, a line each.
  public var formulas: [[Inline]]
  /// Sentences under them.
  public var remarks: [String]

  /// Creates the figure of one or two towers.
  public init(
    caption: Caption, towers: [Tower], handed: String? = nil, counts: [Count],
    formulas: [[Inline]], remarks: [String]
  ) {
    precondition((1...2).contains(towers.count), "\(towers.count) towers")
    (self.caption, self.towers, self.handed) = (caption, towers, handed)
    (self.counts, self.formulas, self.remarks) = (counts, formulas, remarks)
  }

  /// All parameters.
  public var total: Int { counts.reduce(0) { $0 + $1.count } }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { ArchitectureLayout(self, in: style).scene() }
}

extension Architecture.Tower {
  /// The parts as words from the bottom up, for people who cannot see them.
  public var outline: String {
    ([input.title] + parts.compactMap(\.outline) + (output.map { [$0.title] } ?? []))
      .joined(separator: " → ")
  }

  /// The width that all its boxes share.
  func boxWidth(in style: Style) -> Double {
    max(118, parts.map { $0.width(in: style) }.max() ?? 0)
  }

  /// What stands beside its frames.
  var besides: [String] {
    parts.flatMap { part -> [String] in
      if case .repeated(_, let times, let notes) = part { [times] + notes } else { [] }
    }
  }
}

extension Architecture.Part {
  fileprivate var outline: String? {
    switch self {
    case .box(let box): return box.title
    case .added(let name, _): return "+ \(name)"
    case .shape: return nil
    case .sublayer(let layer):
      let boxes = [layer.before, layer.function, layer.inside].compactMap(\.self).map(\.title)
      return (boxes + [layer.after?.title ?? "Add"]).joined(separator: " → ")
    case .sideBySide(let shared, let left, let right):
      let sides = [left, right].map { $0.map(\.title).joined(separator: " → ") }
      return ((shared.map { [$0.title] } ?? []) + ["(\(sides.joined(separator: " | ")))", "Add"])
        .joined(separator: " → ")
    case .repeated(let parts, let times, _):
      return "\(times) [\(parts.compactMap(\.outline).joined(separator: " → "))]"
    }
  }

  fileprivate func width(in style: Style) -> Double {
    switch self {
    case .box(let box): box.width(in: style)
    case .added, .shape: 0
    case .sublayer(let layer):
      [layer.before, layer.function, layer.inside, layer.after].compactMap(\.self)
        .map { $0.width(in: style) }.max() ?? 0
    case .sideBySide(let shared, let left, let right):
      max(
        shared?.width(in: style) ?? 0,
        2 * ((left + right).map { $0.width(in: style) }.max() ?? 0) + ArchitectureTower.halves)
    case .repeated(let parts, _, _): parts.map { $0.width(in: style) }.max() ?? 0
    }
  }
}
