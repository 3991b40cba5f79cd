public import Files
public import Tokenization

extension Generation {
  /// The generation for programs: the new tokens, every step, what was asked and why it stopped.
  public func json(of model: Model) -> JSON {
    let tokenizer = model.targetTokenizer
    func tokens(_ ids: [Int], _ tokenizer: Tokenizer) -> JSON {
      .array(ids.map { .string(tokenizer.token($0) ?? "") })
    }
    func list(_ ids: [Int], _ tokenizer: Tokenizer) -> JSON {
      ["ids": .array(ids.map(JSON.integer)), "tokens": tokens(ids, tokenizer)]
    }
    return [
      "schema": "attnviz.generate/1",
      "ids": .array(ids.map(JSON.integer)),
      "tokens": tokens(ids, tokenizer),
      "text": .string(tokenizer.decode(ids)),
      "source": source.isEmpty ? .null : list(source, model.tokenizer),
      "prompt": list(prompt, tokenizer),
      "settings": settings.json,
      "order": .array(TokenFilters.order.map(JSON.string)),
      "stopped": stopped.json,
      "steps": .array(steps.map { $0.json(tokenizer) }),
    ]
  }
}

extension Generation.Settings {
  /// τ of every step: a number, or the schedule.
  public var tau: JSON {
    guard let shape = schedule.shape else { return JSON(temperature: schedule.first) }
    return [
      "schedule": .string(shape.rawValue), "first": .number(schedule.first),
      "last": .number(schedule.last),
    ]
  }

  /// What was asked, for programs.
  public var json: JSON {
    return [
      "greedy": .bool(isGreedy),
      "seed": seed <= Int.max ? .integer(Int(seed)) : .string("\(seed)"),
      "tau": tau,
      "repetition_penalty": .number(filters.repetitionPenalty),
      "top_k": filters.topK.map(JSON.integer) ?? .null,
      "top_p": filters.topP.map(JSON.number) ?? .null,
      "min_p": filters.minP.map(JSON.number) ?? .null,
      "max_new_tokens": .integer(count),
      "ignore_eos": .bool(ignoresEnd),
    ]
  }
}

extension Generation.Stop {
  fileprivate var json: JSON {
    switch self {
    case .endToken(let id): ["reason": "end_token", "id": .integer(id)]
    case .length: ["reason": "length"]
    case .contextFull: ["reason": "context_full"]
    }
  }
}

extension Generation.Step {
  fileprivate func json(_ tokenizer: Tokenizer) -> JSON {
    func token(_ id: Int) -> JSON { .string(tokenizer.token(id) ?? "") }
    return [
      "row": .integer(row),
      "id": .integer(id),
      "token": token(id),
      "tau": JSON(temperature: temperature),
      "probability": .number(probability),
      "rank": .integer(rank),
      "entropy": .number(entropy),
      "drawn": [
        "probability": .number(choice.probability), "entropy": .number(choice.entropy),
        "candidates": .integer(choice.candidates), "ties": .integer(choice.ties),
      ],
      "others": .array(
        others.map {
          ["id": .integer($0.id), "token": token($0.id), "probability": .number($0.probability)]
        }),
      "rest": ["count": .integer(restCount), "probability": .number(restProbability)],
      "ends_text": .bool(endsText),
    ]
  }
}
