import Files
import Tokenization
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writes generated text: on a terminal as it comes, elsewhere when it is complete.
struct GeneratedText {
  private let model: Model
  private let isLive: Bool
  private var stream: TextStream
  private let start = ContinuousClock.now
  /// When the first token was there: the prompt was read by then.
  private var first: ContinuousClock.Instant?

  /// Starts a text; `isLive` asks for pieces on standard output if that is a terminal.
  init(_ model: Model, isLive: Bool) {
    self.model = model
    self.isLive = isLive && isatty(STDOUT_FILENO) == 1
    stream = TextStream(model.targetTokenizer)
  }

  /// Shows what a token adds.
  mutating func add(_ step: Generation.Step) throws {
    if first == nil { first = .now }
    guard isLive else { return }
    try Output.data(stream.append(step.id).visibleLines)
  }

  /// Writes the rest, or everything.
  mutating func finish(
    _ generation: Generation, json facts: [JSON.Member]?, _ path: String
  ) throws {
    if isLive {
      try Output.data(stream.finish().visibleLines + "\n")
    } else {
      let text =
        facts.map { JSON.object((generation.json(of: model).members ?? []) + $0).text() }
        ?? model.targetTokenizer.decode(generation.ids)
      try Output.write(Array((text + "\n").utf8), to: path)
    }
  }

  /// How fast it went, for people.
  func speed(of generation: Generation) -> String {
    let end = ContinuousClock.now
    let (reading, writing) = ((first ?? end) - start, end - (first ?? end))
    let (count, prompt) = (
      generation.ids.count, (generation.source + generation.prompt).count
    )
    let read = "\(count) tokens after \(prompt) in \(Self.seconds(reading + writing)) s"
    guard count > 1, writing > .zero else { return read }
    return read + "; \(Self.rounded(Double(count - 1) / Self.number(writing))) tokens per second"
  }

  private static func number(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  private static func seconds(_ duration: Duration) -> String {
    "\((number(duration) * 100).rounded() / 100)"
  }

  private static func rounded(_ x: Double) -> String { "\((x * 10).rounded() / 10)" }
}

extension String {
  /// The text without what could steer a terminal; lines stay lines.
  fileprivate var visibleLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).visible }
      .joined(separator: "\n")
  }
}
