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
}
