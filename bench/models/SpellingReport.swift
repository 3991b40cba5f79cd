import Files
import Tensors
import Tokenization
import Transformers

/// How well tiny-speller pronounces words that it has not read.
struct SpellingReport {
  let model: Model
  let held: [(source: String, target: String)]

  init(folder: String, texts: Texts) throws {
    model = try Model(folder: folder, name: "tiny-speller")
    held = try texts.pairs("spelling-held.tsv")
  }

  func words() throws -> [String] {
    let said = try held.concurrentMap { pair in Result { try pronunciation(of: pair.source) } }
      .map { try $0.get() }
    // A word may have more than one pronunciation; the file has each on a line of its own.
    var (right, plain, letters) = (0, 0, 0)
    var (errors, plainErrors, sounds, plainSounds) = (0, 0, 0, 0)
    for (said, pair) in zip(said, held) {
      let (own, wanted) = (Array(said), Array(pair.target))
      let (ownPlain, wantedPlain) = (own.filter(Self.isSound), wanted.filter(Self.isSound))
      right += own == wanted ? 1 : 0
      plain += ownPlain == wantedPlain ? 1 : 0
      errors += Self.distance(own, wanted)
      plainErrors += Self.distance(ownPlain, wantedPlain)
      (sounds, plainSounds) = (sounds + wanted.count, plainSounds + wantedPlain.count)
      letters += Self.distance(Array(pair.source), wantedPlain)
    }
    func share(_ part: Int, _ whole: Int) -> String { (Double(part) / Double(whole)).percent }
    var table = Table(
      "Held-out words", ["pronunciation", "all of the word", "errors for every hundred sounds"])
    table.add(["tiny-speller, with stress marks", share(right, held.count), share(errors, sounds)])
    table.add([
      "tiny-speller, without stress marks", share(plain, held.count),
      share(plainErrors, plainSounds),
    ])
    table.add(["the letters themselves", "–", share(letters, plainSounds)])
    let wrong = zip(said, held).filter { $0 != $1.target }.prefix(12).map {
      "\($1.source) \($0) (\($1.target))"
    }
    return table.lines + [
      "", "\(held.count) words. Some that are wrong: " + wrong.joined(separator: ", ") + ".",
    ]
  }

  private func pronunciation(of word: String) throws -> String {
    let encoding = try model.tokenizer.encode(word)
    var pass = Pass(recording: .nothing, logits: .last)
    let count = model.configuration.maximumTokens - 1
    let generation = try model.target(of: encoding, .greedy(count: count), &pass)
    return model.targetTokenizer.decode(generation.ids)
  }

  private static func isSound(_ character: Character) -> Bool {
    character != "ˈ" && character != "ˌ"
  }

  /// The fewest insertions, deletions and changes that make one of the other (Levenshtein 1966).
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let change = corner + (x == y ? 0 : 1)
        corner = row[j + 1]
        row[j + 1] = min(change, corner + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
