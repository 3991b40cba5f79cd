import Files
import TestSupport
import Testing
import Training

@Suite struct TextOverlapTests {
  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  /// Example 2 of Papineni et al. 2002: seven times "the" has a clipped precision of 2/7, and a plain
  /// one of 7/7.
  @Test func theClippedPrecision() {
    let candidate = words("the the the the the the the")
    let references = [words("the cat is on the mat"), words("there is a cat on the mat")]
    let found = TextOverlap.clippedCounts(candidate, references, n: 1)
    #expect(found.hits == 2 && found.all == 7)
    #expect(TextOverlap.plainPrecision(candidate, references) == 1)
    #expect(TextOverlap.clippedCounts(candidate, references, n: 2).hits == 0)
  }

  /// Example 1 of the same: precisions of 17/18 and 10/17, and of 8/14 and 1/13.
  @Test func theExampleOfTheGuide() {
    let references = [
      words(
        "it is a guide to action that ensures that the military will forever heed party commands"),
      words(
        "it is the guiding principle which guarantees the military forces always being under "
          + "the command of the party"),
      words("it is the practical guide for the army always to heed the directions of the party"),
    ]
    let first = words(
      "it is a guide to action which ensures that the military always obeys the commands of "
        + "the party")
    let second = words(
      "it is to insure the troops forever hearing the activity guidebook that party direct")
    func counts(_ text: [String], _ n: Int) -> [Int] {
      let found = TextOverlap.clippedCounts(text, references, n: n)
      return [found.hits, found.all]
    }
    #expect(counts(first, 1) == [17, 18] && counts(first, 2) == [10, 17])
    #expect(counts(second, 1) == [8, 14] && counts(second, 2) == [1, 13])
    #expect(TextOverlap.bleu(first, references) > TextOverlap.bleu(second, references))
  }

  /// Section 3.1 of Lin 2004: "police kill the gunman" has .75, "the gunman kill police" .5, though
  /// both share as many pairs of words with the reference.
  @Test func theExampleOfThePolice() {
    let reference = words("police killed the gunman")
    #expect(TextOverlap.rougeL(words("police kill the gunman"), reference) == 0.75)
    #expect(TextOverlap.rougeL(words("the gunman kill police"), reference) == 0.5)
    #expect(TextOverlap.rougeL(words("the gunman police killed"), reference) == 0.5)
  }

  @Test func agreesWithPython() throws {
    let path = Fixtures.folder + "/preferences/expected.json"
    let cases = try JSON(parsing: try readFile(path), path: path)["overlap"]?.elements ?? []
    #expect(cases.count == 24)
    for example in cases {
      func texts(_ json: JSON?) -> [String] { (json?.elements ?? []).compactMap(\.string) }
      let candidate = texts(example["candidate"])
      let references = (example["references"]?.elements ?? []).map(texts)
      for (order, expected) in zip([1, 2, 4], example["bleu"]?.elements ?? []) {
        let found = TextOverlap.bleu(candidate, references, order: order)
        #expect(abs(found - (expected.number ?? -1)) < 1e-12)
      }
      let rouge = TextOverlap.rougeL(candidate, references[0])
      #expect(abs(rouge - (example["rouge"]?.number ?? -1)) < 1e-12)
    }
  }

  @Test func nothingIsNoOverlap() {
    #expect(TextOverlap.bleu([], [["a"]]) == 0)
    #expect(TextOverlap.rougeL([], ["a"]) == 0 && TextOverlap.rougeL(["a"], []) == 0)
    #expect(TextOverlap.plainPrecision([], [["a"]]) == 0)
  }
}
