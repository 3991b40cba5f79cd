public import Files

extension Generation {
  /// Reads what `json(of:)` writes.
  ///
  /// - Parameters:
  ///   - json: What a trace says of it.
  ///   - tokens: How many tokens the run has that was generated, or its target.
  /// - Returns: `nil` when something is missing or contradicts the run.
  public init?(_ json: JSON, tokens: Int) {
    let ids = { (list: JSON?) in (list?["ids"]?.elements ?? []).compactMap(\.integer) }
    let (prompt, steps) = (ids(json["prompt"]), json["steps"]?.elements ?? [])
    let read = steps.compactMap { Step($0, tokens: tokens) }
    guard let settings = json["settings"].flatMap(Settings.init),
      let stopped = json["stopped"].flatMap(Stop.init), (1...tokens).contains(prompt.count),
      read.count == steps.count, !steps.isEmpty
    else { return nil }
    self.init(
      source: ids(json["source"]), prompt: prompt, steps: read, settings: settings,
      stopped: stopped)
  }

  /// Every token that is named, with its number.
  public static func names(_ json: JSON) -> [(id: Int, token: String)] {
    func pairs(_ list: JSON?) -> [(id: Int, token: String)] {
      zip(list?["ids"]?.elements ?? [], list?["tokens"]?.elements ?? []).compactMap { id, token in
        id.integer.flatMap { id in token.string.map { (id, $0) } }
      }
    }
    let steps = (json["steps"]?.elements ?? []).flatMap { [$0] + ($0["others"]?.elements ?? []) }
    return pairs(json["prompt"]) + pairs(json["source"]) + pairs(json)
      + steps.compactMap { step in
        step["id"]?.integer.flatMap { id in step["token"]?.string.map { (id, $0) } }
      }
  }
}

extension Generation.Step {
  fileprivate init?(_ json: JSON, tokens: Int) {
    func share(_ value: JSON?) -> Double? {
      value?.number.flatMap { (0...1).contains($0) ? $0 : nil }
    }
    func entropy(_ value: JSON?) -> Double? { value?.number.flatMap { $0 >= 0 ? $0 : nil } }
    let others = (json["others"]?.elements ?? []).compactMap { other in
      other["id"]?.integer.flatMap { id in
        share(other["probability"]).map { Generation.Alternative(id: id, probability: $0) }
      }
    }
    guard let row = json["row"]?.integer, (0..<tokens).contains(row), let id = json["id"]?.integer,
      let tau = json["tau"].flatMap(Double.init(temperature:)),
      let probability = share(json["probability"]), let rank = json["rank"]?.integer, rank > 0,
      let own = entropy(json["entropy"]), let drawn = json["drawn"],
      let drawnProbability = share(drawn["probability"]),
      let drawnEntropy = entropy(drawn["entropy"]),
      let candidates = drawn["candidates"]?.integer, let ties = drawn["ties"]?.integer,
      let count = json["rest"]?["count"]?.integer, count >= 0,
      let rest = share(json["rest"]?["probability"]), let ends = json["ends_text"]?.bool,
      others.count == json["others"]?.elements?.count
    else { return nil }
    self.init(
      row: row, id: id, temperature: tau, probability: probability, rank: rank, entropy: own,
      choice: Sampler.Choice(
        id: id, probability: drawnProbability, entropy: drawnEntropy, candidates: candidates,
        ties: ties),
      others: others, restCount: count, restProbability: rest, endsText: ends)
  }
}

extension Generation.Settings {
  fileprivate init?(_ json: JSON) {
    guard let tau = json["tau"].flatMap(Schedule.init(json:)),
      let seed = json["seed"]?.integer.flatMap(UInt64.init(exactly:))
        ?? json["seed"]?.string.flatMap({ UInt64($0) }),
      let count = json["max_new_tokens"]?.integer, let ignoresEnd = json["ignore_eos"]?.bool
    else { return nil }
    self.init(
      schedule: tau,
      filters: TokenFilters(
        repetitionPenalty: json["repetition_penalty"]?.number ?? 1, topK: json["top_k"]?.integer,
        topP: json["top_p"]?.number, minP: json["min_p"]?.number),
      seed: seed, count: count, ignoresEnd: ignoresEnd)
  }
}

extension Schedule {
  fileprivate init?(json: JSON) {
    if let tau = Double(temperature: json) {
      self.init(tau)
      return
    }
    guard let shape = json["schedule"]?.string.flatMap(Shape.init),
      let first = json["first"]?.number,
      let last = json["last"]?.number
    else { return nil }
    self.init(shape, from: first, to: last)
  }
}

extension Generation.Stop {
  fileprivate init?(_ json: JSON) {
    switch json["reason"]?.string {
    case "end_token": self = .endToken(json["id"]?.integer ?? -1)
    case "length": self = .length
    case "context_full": self = .contextFull
    default: return nil
    }
  }
}
