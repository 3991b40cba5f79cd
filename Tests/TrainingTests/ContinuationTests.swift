import TestSupport
import Tensors
import Testing
import Training
import Transformers

@Suite struct ContinuationTests {
  /// What is written in groups, with remembered keys, is what is written one text after the other
  /// with the whole text computed anew for every token.
  @Test func groupsWriteWhatSingleTextsDo() throws {
    let start = try AlignmentFixture.start()
    let model = try start.transformer()
    let prompts = try AlignmentFixture.prompts(start)
    let asked = (0..<40).map { prompts[$0 % prompts.count].ids }
    let writer = ContinuationWriter(model, ends: start.ends, most: 12, seed: 3)
    let written = try writer(asked)
    #expect(try writer(asked) == written)
    #expect(Set(written.map(\.ids)).count > 5)
    for text in written {
      #expect(text.ids.count <= 12 && !text.ids.isEmpty)
      #expect(text.isFinished == start.ends.contains(text.ids.last ?? -1))
      #expect(!text.ids.dropLast().contains(where: start.ends.contains))
    }
    for text in written.prefix(3) {
      // Every token of it has the probability that the whole text at once gives.
      var pass = Pass(recording: .nothing, logits: .all)
      let logits = try #require(try model(text.tokens, &pass))
      let measured = try MeasuredText.measure(
        [text], by: TrackedModel(transformer: model, parameters: [:]), against: model)[0]
      for (place, id) in text.ids.enumerated() {
        let row = try #require(Distribution(logits.slice(text.prompt.count - 1 + place)))
        #expect(abs(row.logProbabilities(at: 1)[id] - measured.policy[place]) < 1e-4)
        #expect(measured.exact[place] < 1e-9)
      }
    }
  }

  @Test func rememberedTextsHaveTheLogitsOfWholeOnes() throws {
    let model = try AlignmentFixture.start(steps: 2).transformer()
    let texts = [[5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
    var pass = Pass(recording: .nothing, logits: .all)
    _ = try model(texts: texts.map { Array($0.prefix(2)) }, &pass)
    _ = try model(texts: texts.map { [$0[2]] }, continues: true, &pass)
    let last = try #require(try model(texts: texts.map { [$0[3]] }, continues: true, &pass))
    for (place, text) in texts.enumerated() {
      var whole = Pass(recording: .nothing, logits: .last)
      let expected = try #require(try model(text, &whole)).numbers
      for (a, b) in zip(last.slice(place).numbers, expected) { #expect(abs(a - b) < 1e-4) }
    }
  }
}
