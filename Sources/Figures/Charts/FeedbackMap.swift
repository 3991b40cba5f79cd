/// The boxes of a step of the diagram and the arrows between them.
struct FeedbackMap {
  /// Which step, and how it is laid out.
  enum Kind {
    case start, comparing
    /// The loop as a grid of three columns.
    case loop
    /// The loop as a column.
    case chain
  }

  private let figure: FeedbackLoop
  private let style: Style
  private let corner: Point
  private let width: Double
  private(set) var marks: [Mark] = []
  /// The lowest point.
  private(set) var bottom: Double

  private typealias Frames = [FeedbackLoop.Part: Rectangle]
  /// Room for an arrow with its words.
  private static let drop = 26.0
  private static let padding = 6.0

  init(_ figure: FeedbackLoop, _ kind: Kind, at corner: Point, width: Double, in style: Style) {
    self.figure = figure
    self.style = style
    self.corner = corner
    self.width = width
    bottom = corner.y
    switch kind {
    case .start: stack([.supervised])
    case .comparing: compare()
    case .loop: loop()
    case .chain: chain()
    }
  }

  private var theme: Theme { style.theme }

  // MARK: Boxes

  /// A box with its facts broken to a width.
  private func box(_ part: FeedbackLoop.Part, _ width: Double) -> DiagramBox {
    let room = width - 2 * Self.padding
    return DiagramBox(
      part.role, style.measure.shortened(part.title, .heading, to: room),
      (figure.facts[part] ?? []).flatMap { style.measure.lines($0, .note, to: room, most: 4) })
  }

  private mutating func draw(_ part: FeedbackLoop.Part, in frame: Rectangle) {
    marks += box(part, frame.size.width).marks(in: frame, theme)
    bottom = max(bottom, frame.maxY)
  }

  private mutating func arrow(_ points: [Point], hasHead: Bool = true) {
    marks.append(Connector(points, hasHead: hasHead).mark(theme.ink))
  }

  /// Words beside an arrow, on paper.
  private mutating func words(
    _ link: FeedbackLoop.Link, at point: Point, _ alignment: Text.Alignment = .start,
    room: Double
  ) {
    guard let inlines = figure.numbers[link], !inlines.isEmpty else { return }
    let text = TextStyle(font: .note, color: theme.ink)
    let lines = RichText(inlines, text, width: max(room, 20), measure: style.measure).lines
    // Several lines stand around the point.
    var y = point.y - 3.8 * Double(lines.count - 1)
    for line in lines {
      let x =
        switch alignment {
        case .start: point.x
        case .middle: point.x - line.width / 2
        case .end: point.x - line.width
        }
      let ground = Rectangle(
        x: x - 1, y: y - line.ascent - 0.5, width: line.width + 2,
        height: line.ascent + line.descent + 1)
      marks.append(.rectangle(ground, fill: theme.paper))
      marks += line.marks(at: Point(x, y))
      y += 7.6
    }
  }

  // MARK: The first two steps

  private mutating func stack(_ parts: [FeedbackLoop.Part]) {
    var y = corner.y
    for part in parts {
      let height = box(part, width).height
      draw(part, in: Rectangle(x: corner.x, y: y, width: width, height: height))
      y += height + Self.drop
    }
  }

  private mutating func compare() {
    stack([.comparisons, .rewardModel])
    let x = corner.x + width / 2
    let start = corner.y + box(.comparisons, width).height
    arrow([Point(x, start), Point(x, start + Self.drop)])
    words(.loss, at: Point(x + 5, start + Self.drop / 2 + 1.5), room: width / 2 - 5)
  }

  // MARK: The loop as a grid

  private mutating func loop() {
    let gap = max(34.0, 0.115 * width)
    let each = (width - 2 * gap) / 3
    func x(_ column: Int) -> Double { corner.x + Double(column) * (each + gap) }
    let rows: [[FeedbackLoop.Part?]] = [
      [.prompts, nil, nil], [.policy, nil, .samples], [nil, .reference, .scorer],
      [.update, .advantage, .reward],
    ]
    var frames: Frames = [:]
    var y = corner.y
    for (index, row) in rows.enumerated() {
      let height = row.compactMap { $0 }.map { box($0, each).height }.max() ?? 0
      for (column, part) in row.enumerated() {
        guard let part else { continue }
        frames[part] = Rectangle(x: x(column), y: y, width: each, height: height)
      }
      y += height + (index == 0 ? 16 : Self.drop + 4)
    }
    for part in FeedbackLoop.Part.allCases {
      if let frame = frames[part] { draw(part, in: frame) }
    }
    connect(frames, gap)
  }

  private mutating func connect(_ frames: Frames, _ gap: Double) {
    guard let prompts = frames[.prompts], let policy = frames[.policy],
      let samples = frames[.samples], let reference = frames[.reference],
      let scorer = frames[.scorer], let reward = frames[.reward],
      let advantage = frames[.advantage], let update = frames[.update]
    else { return }
    arrow([prompts.bottom, policy.top])
    arrow([policy.right, samples.left])
    let over = (policy.maxX + samples.minX) / 2
    words(
      .written, at: Point(over, policy.right.y - 4), .middle, room: samples.minX - policy.maxX - 12)
    // What was written goes to both judges.
    let fork = (samples.maxY + scorer.minY) / 2
    arrow([samples.bottom, scorer.top])
    arrow([Point(samples.bottom.x, fork), Point(reference.top.x, fork), reference.top])
    // Both judgements meet in the reward.
    arrow([scorer.bottom, reward.top])
    let meet = (scorer.maxY + reward.minY) / 2
    let entry = Point(reward.minX + 12, reward.minY)
    let exit = Point(reference.maxX - 14, reference.maxY)
    arrow([exit, Point(exit.x, meet), Point(entry.x, meet), entry])
    words(
      .distance, at: Point((exit.x + entry.x) / 2, meet - 3.5), .middle,
      room: entry.x - exit.x + 24)
    words(.score, at: Point(scorer.bottom.x + 5, meet + 2), room: reward.maxX - scorer.bottom.x - 6)
    arrow([reward.left, advantage.right])
    words(
      .total, at: Point((advantage.maxX + reward.minX) / 2, reward.left.y - 4), .middle,
      room: gap - 4)
    // The value head tells what was expected.
    let value = Point(policy.maxX - 14, policy.maxY)
    let target = Point(advantage.minX + 14, advantage.minY)
    arrow([value, Point(value.x, meet), Point(target.x, meet), target])
    words(
      .value, at: Point((value.x + target.x) / 2, meet - 3.5), .middle, room: target.x - value.x)
    arrow([advantage.left, update.right])
    words(
      .advantage, at: Point((update.maxX + advantage.minX) / 2, update.right.y - 4), .middle,
      room: gap - 4)
    let back = policy.minX + 0.3 * policy.size.width
    arrow([Point(back, update.minY), Point(back, policy.maxY)])
    words(
      .ratio, at: Point(back + 5, (reference.minY + reference.maxY) / 2 + 2),
      room: value.x - back - 9)
  }

  // MARK: The loop as a column

  private mutating func chain() {
    let (rail, side) = (12.0, 9.0)
    let (left, room) = (corner.x + rail, width - rail - side)
    let half = (room - 12) / 2
    let rows: [[FeedbackLoop.Part]] = [
      [.prompts], [.policy], [.samples], [.reference, .scorer], [.reward], [.advantage], [.update],
    ]
    var frames: Frames = [:]
    var y = corner.y
    for (index, row) in rows.enumerated() {
      let each = row.count > 1 ? half : room
      let height = row.map { box($0, each).height }.max() ?? 0
      for (column, part) in row.enumerated() {
        frames[part] = Rectangle(
          x: left + Double(column) * (half + 12), y: y, width: each, height: height)
      }
      y += height + (index == 0 ? 12 : Self.drop)
    }
    for part in FeedbackLoop.Part.allCases {
      if let frame = frames[part] { draw(part, in: frame) }
    }
    connectChain(frames)
  }

  private mutating func connectChain(_ frames: Frames) {
    guard let prompts = frames[.prompts], let policy = frames[.policy],
      let samples = frames[.samples], let reference = frames[.reference],
      let scorer = frames[.scorer], let reward = frames[.reward],
      let advantage = frames[.advantage], let update = frames[.update]
    else { return }
    let steps: [(FeedbackLoop.Link?, Rectangle, Rectangle)] = [
      (nil, prompts, policy), (.written, policy, samples), (.total, reward, advantage),
      (.advantage, advantage, update),
    ]
    for (link, from, to) in steps {
      arrow([from.bottom, to.top])
      let middle = Point(from.bottom.x + 5, (from.maxY + to.minY) / 2 + 2)
      if let link { words(link, at: middle, room: from.size.width / 2 - 8) }
    }
    for (link, judge) in [(FeedbackLoop.Link.distance, reference), (.score, scorer)] {
      let x = judge.bottom.x
      arrow([Point(x, samples.maxY), judge.top])
      arrow([judge.bottom, Point(x, reward.minY)])
      words(
        link, at: Point(x + 5, (judge.maxY + reward.minY) / 2 + 2),
        room: judge.size.width / 2 - 6)
    }
    // The value head at the right edge, and back to the policy along the left one.
    let right = corner.x + width - 1
    arrow([
      policy.right, Point(right, policy.right.y), Point(right, advantage.right.y), advantage.right,
    ])
    let value = Point(advantage.maxX - 2, (reward.maxY + advantage.minY) / 2 + 2)
    words(.value, at: value, .end, room: advantage.size.width / 2 - 50)
    let (edge, below) = (corner.x + 2, update.maxY + 10)
    let exit = update.minX + 20
    arrow([
      Point(exit, update.maxY), Point(exit, below), Point(edge, below), Point(edge, policy.left.y),
      policy.left,
    ])
    words(.ratio, at: Point(exit + 5, below + 1), room: update.size.width - 30)
    bottom = max(bottom, below + 4)
  }
}

extension Rectangle {
  fileprivate var top: Point { Point((minX + maxX) / 2, minY) }
  fileprivate var bottom: Point { Point((minX + maxX) / 2, maxY) }
  fileprivate var left: Point { Point(minX, (minY + maxY) / 2) }
  fileprivate var right: Point { Point(maxX, (minY + maxY) / 2) }
}

extension TextMeasure {
  /// A text broken at its spaces into lines no wider than `width`; what is left after the most lines
  /// ends with "…".
  func lines(_ text: String, _ font: Font, to width: Double, most: Int) -> [String] {
    var lines: [String] = []
    for word in text.singleLine.split(separator: " ") {
      for piece in broken(String(word), font, to: width) {
        if let last = lines.last, self(last + " " + piece, font).width <= width {
          lines[lines.count - 1] = last + " " + piece
        } else {
          lines.append(piece)
        }
      }
    }
    guard lines.count > most else { return lines }
    var last = lines[most - 1]
    while !last.isEmpty, self(last + "…", font).width > width { last.removeLast() }
    return Array(lines.prefix(most - 1)) + [last + "…"]
  }
}
