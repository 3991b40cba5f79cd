/// The word that somebody meant: among those that are known, the one that is nearest to what was
/// written.
///
/// A known word that begins with three letters or more of what was written is near; otherwise the
/// words differ by at most two slips (a character that is added, left out or another one, or two
/// neighbours that changed places) and by less than half of their length.
///
/// - Returns: `nil` when none is near, or when the word itself is known.
public func nearestWord(to word: String, among known: [String]) -> String? {
  guard !known.contains(word), word.utf8.count <= 64 else { return nil }
  let written = word.lowercased()
  let near = known.filter { name in
    let slips = slips(from: written, to: name.lowercased())
    return slips <= 2 && 2 * slips < max(written.count, name.count)
  }
  let best = near.min { a, b in
    slips(from: written, to: a.lowercased()) < slips(from: written, to: b.lowercased())
  }
  return best
    ?? (written.count < 3 ? nil : known.first { $0.lowercased().hasPrefix(written) })
}

extension [String] {
  /// What to ask somebody who wrote a word that is not among these: "did you mean draw?", else what
  /// `otherwise` says.
  public func hint(for word: String, otherwise: @autoclosure () -> String) -> String {
    nearestWord(to: word, among: self).map { "did you mean \($0)?" } ?? otherwise()
  }
}

/// How many slips make one word the other: the optimal string alignment distance (Levenshtein's, with
/// neighbours that change places).
private func slips(from a: String, to b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var rows = [[Int](repeating: 0, count: b.count + 1), Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in b.indices {
      let change = rows[1][j] + (a[i] == b[j] ? 0 : 1)
      row[j + 1] = min(change, row[j] + 1, rows[1][j + 1] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], rows[0][j - 1] + 1)
      }
    }
    rows = [rows[1], row]
  }
  return rows[1][b.count]
}
