import Explanations
import Transformers

/// What a walk looks at: a focus for every stack, from what was asked for and else from the run.
struct WalkChoice {
  private var focuses: [Site.Stack: Focus] = [:]
  private let walk: Walk
  private let hasToken: Bool

  /// What was asked for.
  struct Wishes {
    var layer: Int?
    var head: Int?
    var allHeads = false
    var token: String?
    var key: String?
    var temperature: Double
    var stack: Site.Stack?
  }

  /// - Throws: `UsageError` for a token, `ModelError` for a layer or head that no part has.
  init(_ walk: Walk, _ wishes: Wishes) throws {
    self.walk = walk
    hasToken = wishes.token != nil
    let stacks = wishes.stack.map { [$0] } ?? walk.run.configuration.stacks
    try Self.check(wishes, walk, stacks)
    // A decoder's look at its source first: the decoder's layer follows it.
    for stack in walk.run.configuration.stacks.reversed() {
      let isMeant = stacks.contains(stack)
      let layer = isMeant ? wishes.layer.flatMap { $0 < walk.layers(of: stack) ? $0 : nil } : nil
      let head = isMeant ? wishes.head.flatMap { $0 < walk.heads(of: stack) ? $0 : nil } : nil
      let cross = stack == .decoder ? focuses[.cross]?.layer : nil
      var focus = walk.start(of: stack, layer: layer ?? cross, head: head)
      if cross != nil, let token = focuses[.cross]?.token { focus.token = token }
      focus.temperature = wishes.temperature
      if wishes.allHeads { focus.head = nil }
      if isMeant,
        let token = wishes.token.flatMap({
          TokenWord.find($0, in: walk.tokens(of: stack))
        })
      {
        focus.token = token
      }
      focus.key =
        isMeant ? wishes.key.flatMap { TokenWord.find($0, in: walk.keys(of: stack)) } : nil
      focuses[stack] = focus
    }
  }

  /// Refuses what none of the meant parts has.
  private static func check(_ wishes: Wishes, _ walk: Walk, _ stacks: [Site.Stack]) throws {
    func most(_ count: (Site.Stack) -> Int) -> Site.Stack {
      stacks.max { count($0) < count($1) } ?? .sole
    }
    if let layer = wishes.layer, !stacks.contains(where: { layer < walk.layers(of: $0) }) {
      try walk.run.configuration.shape(of: most(walk.layers)).check(layer: layer)
    }
    if let head = wishes.head, !stacks.contains(where: { head < walk.heads(of: $0) }) {
      try walk.run.configuration.shape(of: most(walk.heads)).check(layer: 0, head: head)
    }
    if let token = wishes.token,
      !stacks.contains(where: { TokenWord.find(token, in: walk.tokens(of: $0)) != nil })
    {
      _ = try TokenWord.position(token, in: walk.tokens(of: most { walk.tokens(of: $0).count }))
    }
    if let key = wishes.key,
      !stacks.contains(where: { TokenWord.find(key, in: walk.keys(of: $0)) != nil })
    {
      _ = try TokenWord.position(key, in: walk.keys(of: most { walk.keys(of: $0).count }))
    }
  }

  /// What is looked at in a part.
  func focus(of stack: Site.Stack) -> Focus { focuses[stack] ?? Focus() }

  /// What is looked at at a station: of what follows a text, where no token was asked for, the last
  /// token.
  func focus(at station: Station) -> Focus {
    var focus = focus(of: station.stack)
    if station.kind.isOutput, !hasToken, walk.run.configuration.kind != .encoder {
      focus.token = walk.tokens(of: station.stack).count - 1
    }
    return focus
  }

  /// Whether a station is shown in full: its layer is the one in focus, or it is in none.
  func isInFull(_ station: Station) -> Bool {
    station.layer.map { $0 == focus(of: station.stack).layer } ?? true
  }
}
