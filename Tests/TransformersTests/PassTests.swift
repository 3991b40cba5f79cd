import Synchronization
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// A text in pieces is the text at once.
@Suite struct PassTests {
  static let decoders = ["gpt2", "llama"]
  static let temperatures: [AttentionTemperature] = {
    var one = AttentionTemperature()
    one.set(0, layers: 0..<1, heads: 1..<2)
    one.set(.infinity, layers: 1..<2, heads: 0..<2)
    return [AttentionTemperature(), AttentionTemperature(0.4), one]
  }()

  func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  /// Every row of every value within the tolerances of the reference set; scores that the mask
  /// leaves out are not compared.
  func compare(_ trace: Trace, with whole: Trace, _ label: String) {
    #expect(Set(trace.tensors.keys) == Set(whole.tensors.keys), "\(label)")
    #expect(trace.masks == whole.masks, "\(label)")
    for (site, expected) in whole.tensors {
      guard let found = trace.tensors[site] else { continue }
      #expect(found.shape == expected.shape, "\(label): \(site)")
      let size = expected.numbers.reduce(1) { max($0, abs($1)) }
      let tolerance: Float = site.value == .weights ? 1e-5 : 1e-4 * size
      let mask = site.layer.flatMap { whole.masks[$0] }
      for (place, (a, b)) in zip(found.numbers, expected.numbers).enumerated() {
        if [.scores, .products].contains(site.value), let mask,
          !mask.allows(
            query: place / expected.width % mask.ranges.count, key: place % expected.width)
        {
          continue
        }
        guard abs(a - b) <= tolerance else {
          Issue.record("\(label): \(site) at \(place) is \(a), not \(b)")
          return
        }
      }
    }
  }

  @Test(arguments: decoders, temperatures.indices)
  func aTextInPiecesHasTheTraceOfTheText(name: String, temperature: Int) throws {
    let model = try model(name)
    let ids = try model.tokenizer.encode(LawTests.text).ids
    let tau = Self.temperatures[temperature]
    var whole = Pass(attentionTemperature: tau)
    let logits = try model.transformer(ids, &whole)
    for cuts in [Array(1..<ids.count), [1], [5, 6, 11], [ids.count - 1]] {
      var pass = Pass(attentionTemperature: tau)
      var last: Tensor?
      for (start, end) in zip([0] + cuts, cuts + [ids.count]) {
        last = try model.transformer(Array(ids[start..<end]), &pass)
        #expect(pass.positions == start..<end)
      }
      compare(pass.trace, with: whole.trace, "\(name), cut at \(cuts)")
      let (found, expected) = (try #require(last), try #require(logits))
      for (a, b) in zip(
        found.slice(found.rows - 1).numbers, expected.slice(expected.rows - 1).numbers)
      { #expect(abs(a - b) < 1e-4) }
    }
  }

  /// Maps that wait in a file are those of memory, bit for bit.
  @Test(arguments: decoders) func mapsThatWaitInAFileAreTheSame(name: String) throws {
    try withTemporaryFolder { folder in
      let model = try model(name)
      let ids = try model.tokenizer.encode(LawTests.text).ids
      var (whole, pass) = (Pass(), Pass())
      pass.scratch = try #require(ScratchFile(in: folder))
      try model.transformer(ids, &whole)
      try model.transformer(ids, &pass)
      #expect(pass.trace.tensors == whole.trace.tensors)
    }
  }

  /// What is kept changes no bit, in pieces as at once.
  @Test(arguments: decoders)
  func recordingChangesNothing(name: String) throws {
    let model = try model(name)
    let ids = try model.tokenizer.encode(LawTests.text).ids
    var (everything, nothing) = (Pass(), Pass(recording: .nothing))
    for range in [0..<4, 4..<5, 5..<ids.count] {
      let a = try model.transformer(Array(ids[range]), &everything)
      let b = try model.transformer(Array(ids[range]), &nothing)
      #expect(a == b)
    }
    #expect(nothing.trace.tensors.isEmpty && nothing.trace.masks.isEmpty)
  }

  /// A copy of a pass goes its own way.
  @Test func copiesContinueOnTheirOwn() throws {
    let model = try model("llama")
    let ids = try model.tokenizer.encode(LawTests.text).ids
    var one = Pass()
    try model.transformer(Array(ids.prefix(6)), &one)
    for _ in 0..<3 {
      var other = one
      try model.transformer([7, 9], &other)
      var whole = Pass()
      try model.transformer(Array(ids.prefix(one.positions.upperBound)) + [7, 9], &whole)
      compare(other.trace, with: whole.trace, "copy")
      try model.transformer([ids[one.positions.upperBound]], &one)
    }
    var whole = Pass()
    try model.transformer(Array(ids.prefix(9)), &whole)
    compare(one.trace, with: whole.trace, "original")
  }

  /// An encoder looks both ways, so it always reads a text from the start.
  @Test func encodersDoNotContinue() throws {
    let model = try model("bert")
    let ids = try model.tokenizer.encode(LawTests.text).ids
    var (once, twice) = (Pass(), Pass())
    try model.transformer(ids, &once)
    try model.transformer([5, 6], &twice)
    try model.transformer(ids, &twice)
    #expect(once.trace.tensors == twice.trace.tensors)
    #expect(twice.positions == 0..<ids.count)
  }

  @Test func aFullContextIsRefused() throws {
    let model = try model("gpt2")
    var pass = Pass(recording: .nothing)
    try model.transformer(Array(repeating: 3, count: 60), &pass)
    let error = #expect(throws: ModelError.self) {
      try model.transformer([1, 2, 3, 4, 5], &pass)
    }
    #expect(error?.kind == .badText && error?.description.contains("65") == true)
    try model.transformer([1, 2, 3, 4], &pass)
  }

  @Test func editsSeeTheRowsOfTheirCall() throws {
    let model = try model("gpt2")
    let ids = try model.tokenizer.encode(LawTests.text).ids
    let site = Site(.key, layer: 0)
    let negated: @Sendable (Tensor) -> Tensor = {
      Tensor($0.numbers.map { -$0 }, shape: $0.shape)
    }
    var (whole, pieces) = (Pass(edits: [site: negated]), Pass(edits: [site: negated]))
    try model.transformer(ids, &whole)
    for id in ids { try model.transformer([id], &pieces) }
    compare(pieces.trace, with: whole.trace, "edited")
  }

  // MARK: ending a run

  /// What a run tells `goesOn`, from whatever thread.
  private final class Told: Sendable {
    private let layers = Mutex<[String]>([])
    var all: [String] { layers.withLock { $0 } }
    func note(_ layer: Int, _ stack: Site.Stack) -> Int {
      layers.withLock {
        $0.append("\(stack.rawValue) \(layer)")
        return $0.count
      }
    }
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func everyLayerIsAnnouncedOnceAndChangesNothing(name: String) throws {
    let model = try model(name)
    let ids = try model.tokenizer.encode("The cat sat.").ids
    let told = Told()
    var (plain, watched) = (Pass(), Pass())
    watched.goesOn = { told.note($0, $1) > 0 }
    _ = try model.transformer(ids, &plain)
    _ = try model.transformer(ids, &watched)
    #expect(told.all == (0..<model.configuration.layers).map { "sole \($0)" })
    #expect(watched.trace.tensors == plain.trace.tensors)
  }

  @Test(arguments: ["bert", "gpt2", "llama"], [1, 2])
  func aRunThatIsEndedThrowsAndComputesNoFurtherLayer(name: String, last: Int) throws {
    let model = try model(name)
    let ids = try model.tokenizer.encode("The cat sat.").ids
    let told = Told()
    var pass = Pass(recording: .everything)
    pass.goesOn = { told.note($0, $1) < last }
    #expect(throws: Interruption.self) { _ = try model.transformer(ids, &pass) }
    #expect(told.all.count == last)
    // The layer that was not begun left nothing, those before it everything.
    for layer in 0..<model.configuration.layers {
      #expect((pass.trace[.output, layer: layer] != nil) == (layer < last - 1))
    }
    // The same model is as good as before.
    var (again, own) = (Pass(), Pass())
    let logits = try model.transformer(ids, &again)
    #expect(logits == (try model.transformer(ids, &own)))
  }

  /// The encoder's layers come first; the run can be ended there and wherever the target is written.
  @Test func anEncoderDecoderCanBeEndedInEveryPart() throws {
    let model = try model("letters")
    func run(until last: Int) throws -> [String] {
      let told = Told()
      do {
        _ = try model.run(
          "bad head", edits: WalkEdits(), recording: .everything,
          goesOn: { told.note($0, $1) < last })
      } catch is Interruption {
        #expect(told.all.count == last)
      }
      return told.all
    }
    let all = try run(until: .max)
    let layers = (0..<model.configuration.shape(of: .encoder).layers).map { "encoder \($0)" }
    #expect(Array(all.prefix(layers.count)) == layers)
    #expect(all.dropFirst(layers.count).first == "decoder 0")
    for last in [1, layers.count + 1, all.count] {
      #expect(try run(until: last) == Array(all.prefix(last)))
    }
  }
}
