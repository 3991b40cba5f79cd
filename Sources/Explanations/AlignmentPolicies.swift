internal import Figures
internal import Training

/// What is told of the policies.
extension AlignmentStory {
  /// The runs in words and numbers.
  var policyBlocks: [Explanation.Block] {
    guard let settings = ordered.first?.settings else { return [] }
    let header = [
      "λ", "r_θ before", "r_θ after", "rule before", "rule after", "KL, nats a text", "r after",
      "entropy", "surprise of the reference", "tokens", "ended",
    ]
    let rows = ordered.compactMap { run -> [[Explanation.Piece]]? in
      guard let first = run.beginning, let last = run.end else { return nil }
      return [
        Self.words(NumberFormat.tick(run.settings.kl)), Self.number(first.reward),
        Self.number(last.reward), Self.number(first.score), Self.number(last.score),
        Self.number(last.divergence.exact), Self.number(last.total), Self.number(last.entropy),
        Self.number(last.surprise), Self.number(last.length, 1), Self.number(last.finished),
      ]
    }
    return [
      .paragraph([
        """
        Policy and frozen reference began as the same model. In each of \(settings.iterations) \
        iterations the policy continued \(settings.batch) prompts; a text’s reward is r = r_θ − λ r_KL, \
        where r_θ is 0 for the mean and 1 for the deviation of the texts that the reward model was \
        evaluated with, and r_KL is the sum of ln π − ln π_ref over the tokens drawn.
        """,
        "After prompts that were kept aside, with KL summed over the whole vocabulary:",
      ]),
      .table(header: header, rows: rows),
      .paragraph(ordered.compactMap(finding)),
    ]
  }

  /// What a run shows, by its numbers.
  private func finding(_ run: AlignmentRuns.Run) -> Explanation.Sentence? {
    guard let first = run.beginning, let last = run.end else { return nil }
    let lambda = "With λ = \(NumberFormat.tick(run.settings.kl))"
    let gain = last.reward - first.reward
    if gain < 0.25 {
      return """
        \(lambda) the policy hardly changes: r_θ goes from \(first.reward, .two) to \
        \(last.reward, .two), \(last.divergence.exact, .two) nats from the reference.
        """
    }
    var words: Explanation.Sentence = """
      \(lambda) r_θ rises from \(first.reward, .two) to \(last.reward, .two), \
      \(last.divergence.exact, .two) nats from the reference
      """
    words.pieces.append(.words(Self.hacking(run, first, last) + "."))
    return words
  }

  /// What a higher reward was bought with: signs that the reward model is pleased and nobody else.
  private static func hacking(
    _ run: AlignmentRuns.Run, _ first: AlignmentIteration, _ last: AlignmentIteration
  ) -> String {
    var signs: [String] = []
    if let start = first.score, let end = last.score {
      let best = run.log.iterations.compactMap(\.score).max() ?? end
      if end <= start {
        signs.append("the rule itself is served no better")
      } else if best - end > 0.25 * (best - start) {
        signs.append(
          "the rule’s own score fell back from \(NumberFormat.fixed(best, decimals: 2)) to "
            + NumberFormat.fixed(end, decimals: 2))
      }
    }
    if let start = first.surprise, let end = last.surprise, end > start + 0.5 {
      signs.append(
        "a token surprises the reference by \(NumberFormat.fixed(end, decimals: 2)) nats instead of "
          + NumberFormat.fixed(start, decimals: 2))
    }
    if last.entropy < 0.5 * first.entropy {
      signs.append(
        "the texts became alike: the entropy of a token fell to "
          + "\(NumberFormat.fixed(last.entropy, decimals: 2)) nats")
    }
    return signs.isEmpty ? "" : "; " + signs.joined(separator: ", and ")
  }

  /// What was written after the same prompts with the same chance.
  var sampleBlocks: [Explanation.Block] {
    ordered.flatMap { run -> [Explanation.Block] in
      let prompts = run.log.samples.first?.texts.map(\.prompt) ?? []
      let header =
        ["λ = \(NumberFormat.tick(run.settings.kl))"]
        + run.log.samples.map {
          $0.iteration == 0 ? "before" : "after \(NumberFormat.count($0.iteration)) iterations"
        }
      let rows = prompts.indices.map { place in
        [Self.words(prompts[place])]
          + run.log.samples.map { sample -> [Explanation.Piece] in
            guard sample.texts.indices.contains(place) else { return Self.words("") }
            let text = sample.texts[place]
            let reward = text.reward.map { " (r_θ \(NumberFormat.fixed($0, decimals: 2)))" } ?? ""
            return Self.words(text.text + (text.isFinished ? "" : " …") + reward)
          }
      }
      return rows.isEmpty ? [] : [.table(header: header, rows: rows)]
    }
  }

  /// What comes next, and where a head looks, before and after.
  var lookBlocks: [Explanation.Block] {
    ordered.flatMap { run -> [Explanation.Block] in
      guard let look = run.log.look else { return [] }
      let rows = look.next.prefix(10).map {
        [[Explanation.Piece.token($0.token)], Self.number($0.before, 3), Self.number($0.after, 3)]
      }
      return [
        .paragraph([
          """
          With λ = \(NumberFormat.tick(run.settings.kl)), after \(.token(look.prompt)): the distribution \
          of the next token is \(look.divergence, .two) nats from what it was.
          """, Self.moved(look),
        ]),
        .table(header: ["next token", "before", "after"], rows: rows),
      ]
    }
  }

  /// The weight that changed most in the head that changed most.
  private static func moved(_ look: AlignmentLook) -> Explanation.Sentence {
    let n = look.tokens.count
    let place = look.before.indices.max {
      abs(look.before[$0] - look.after[$0]) < abs(look.before[$1] - look.after[$1])
    }
    guard let place, n > 0 else { return "No head has a weight here." }
    return """
      Of all heads L\(look.layer)H\(look.head) changed most; most of all where \
      \(.token(look.tokens[place / n])) looks at \(.token(look.tokens[place % n])): \
      \(Double(look.before[place]), .weight) before, \(Double(look.after[place]), .weight) after.
      """
  }
}
