import Files

/// One thing that was checked, and what came of it.
struct Finding {
  /// How it is.
  enum State: String {
    case ok
    /// Something works less well than it could.
    case warning
    /// Something does not work.
    case problem
  }

  /// What it belongs to: fonts, drawing, numbers, terminal, models, machine.
  var topic: String
  /// What was checked.
  var name: String
  var state: State
  /// What was found, in one line.
  var fact: String
  /// What to do about it.
  var advice: String?
  /// The same as data.
  var details: [JSON.Member]

  init(
    _ topic: String, _ name: String, _ state: State = .ok, _ fact: String, advice: String? = nil,
    _ details: [JSON.Member] = []
  ) {
    (self.topic, self.name, self.state, self.fact) = (topic, name, state, fact)
    (self.advice, self.details) = (advice, details)
  }

  /// The finding as data.
  var json: JSON {
    .object(
      [
        JSON.Member("topic", .string(topic)), JSON.Member("check", .string(name)),
        JSON.Member("state", .string(state.rawValue)), JSON.Member("fact", .string(fact)),
        JSON.Member("advice", advice.map(JSON.string) ?? .null),
      ] + details)
  }
}
