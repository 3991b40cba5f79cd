package import Explanations
package import Transformers

/// Where a walk stands and what it shows: a value that keys change. It draws nothing and computes
/// nothing; what is to be done outside of it is an `Effect`.
package struct Stepper: Sendable {
  /// What is to be done outside.
  package enum Effect: Equatable, Sendable {
    /// Ends the program; `isInterrupted` where Ctrl-C asked for it.
    case quit(isInterrupted: Bool)
    /// Stops the program until the shell lets it go on.
    case stop
    /// Draws everything anew.
    case redraw
    /// Runs the model with changes.
    case compute([Change])
    /// Ends that run.
    case endComputation
    /// Looks for the token that is typed, to put it in a token's place.
    case replace(token: Int, by: String)
    /// Draws the token that follows, at a temperature.
    case append(temperature: Double)
    /// Writes this view's picture.
    case save
    /// Writes the trace.
    case saveTrace
  }

  /// Which run is shown while something is changed.
  package enum Shown: Hashable, Sendable, CaseIterable {
    case changed, difference, original
  }

  /// What a line says below the page.
  package struct Message: Hashable, Sendable {
    package var text: String
    package var isWarning: Bool

    package init(_ text: String, isWarning: Bool = false) {
      (self.text, self.isWarning) = (text, isWarning)
    }
  }

  /// What can be walked now.
  package internal(set) var terrain: Terrain
  /// The number of the station.
  package internal(set) var place: Int
  /// What is looked at.
  package internal(set) var focus: Focus
  /// The focused token of every stack.
  var tokens: [Site.Stack: Int] = [:]
  /// Whether a token was chosen; if not, what follows a text is that of its last token.
  var hasChosenToken = false
  /// What is changed in the run that is shown.
  package internal(set) var changes: [Change] = []
  /// What is changed in the run that is being computed, and how far it is.
  package internal(set) var work: (changes: [Change], progress: String)?
  /// Which run is shown.
  package internal(set) var shown = Shown.changed
  /// Whether a table of numbers stands where the picture was.
  package internal(set) var showsNumbers = false
  /// Whether the picture has the whole page.
  package internal(set) var isPictureWhole = false
  /// Lines of the page above the first that is seen.
  package internal(set) var scroll = 0
  /// Whether the keys are explained.
  package internal(set) var showsHelp = false
  /// Whether the command line is shown.
  package internal(set) var showsCommand = false
  /// A line that asks for words.
  package internal(set) var prompt: Prompt?
  /// What the last key had to say.
  package internal(set) var message: Message?
  /// What was looked for.
  var needle = ""

  /// Begins a walk.
  ///
  /// - Parameters:
  ///   - station: Where; at the first station when it is not said.
  ///   - focuses: What is looked at in every stack; the last word when it is not said.
  ///   - changes: What is changed in the run already.
  ///   - hasChosenToken: Whether the token was asked for.
  package init(
    _ terrain: Terrain, at station: Station? = nil, focuses: [Site.Stack: Focus] = [:],
    changes: [Change] = [], hasChosenToken: Bool = false
  ) {
    self.terrain = terrain
    self.hasChosenToken = hasChosenToken
    self.changes = changes
    place = station.flatMap(terrain.stations.firstIndex(of:)) ?? 0
    focus = Focus(head: 0)
    for (name, side) in terrain.sides {
      tokens[name] =
        focuses[name]?.token ?? side.tokens.lastIndex { $0.isWord }
        ?? max(side.tokens.count - 1, 0)
    }
    focus = focuses[self.station.stack] ?? focuses[owner] ?? focus
    settle()
  }

  /// The station.
  package var station: Station { terrain.stations[place] }

  /// The stack whose token is followed.
  var owner: Site.Stack { Terrain.owner(station.stack) }

  /// The stack whose tokens are followed here.
  package var side: Terrain.Side { terrain.side(of: station) }

  /// The tokens that can be looked at from here.
  package var keys: [Terrain.Token] { terrain.keys(of: station) }

  /// Puts every part of the focus where there is something.
  mutating func settle() {
    let side = side
    if let layer = station.layer { focus.layer = layer }
    focus.layer = min(max(focus.layer, 0), max(side.layers - 1, 0))
    focus.head = focus.head.map { min(max($0, 0), max(side.heads - 1, 0)) }
    let isEnd = station.kind.isOutput && terrain.kind != .encoder && !hasChosenToken
    let token = isEnd ? side.tokens.count - 1 : tokens[owner] ?? 0
    focus.token = min(max(token, 0), max(side.tokens.count - 1, 0))
    if let key = focus.key, key >= keys.count { focus.key = nil }
  }
}

/// Keys.
extension Stepper {
  /// Takes a key.
  ///
  /// - Parameter page: Lines that fit on a page, for scrolling.
  package mutating func press(_ key: Key, page: Int = 10) -> Effect? {
    message = nil
    if var asking = prompt {
      let outcome = asking.press(key)
      prompt = outcome == .goesOn ? asking : nil
      return outcome == .done ? answer(asking) : nil
    }
    if showsHelp || showsCommand { return pressOverPage(key, page) }
    if scrolls(key, page) { return nil }
    if moves(key) {
      scroll = 0
      return nil
    }
    return change(key) ?? command(key)
  }

  /// A page of words over everything: any key but those that turn it goes back.
  private mutating func pressOverPage(_ key: Key, _ page: Int) -> Effect? {
    switch key {
    case .down, .character("j"): scroll += 1
    case .up, .character("k"): scroll = max(scroll - 1, 0)
    case .pageDown, .character(" "): scroll += page
    case .pageUp: scroll = max(scroll - page, 0)
    case .control("c"): return .quit(isInterrupted: true)
    case .control("z"): return .stop
    case .control("l"): return .redraw
    default: (showsHelp, showsCommand, scroll) = (false, false, 0)
    }
    return nil
  }

  private mutating func scrolls(_ key: Key, _ page: Int) -> Bool {
    switch key {
    case .pageDown, .control("d"), .control("f"): scroll += max(page - 2, 1)
    case .pageUp, .control("u"), .control("b"): scroll = max(scroll - max(page - 2, 1), 0)
    default: return false
    }
    return true
  }

  /// The view knows how much there is to scroll.
  package mutating func limit(scroll most: Int) { scroll = min(scroll, max(most, 0)) }

  private mutating func command(_ key: Key) -> Effect? {
    switch key {
    case .character("q"): return .quit(isInterrupted: false)
    case .control("c"): return .quit(isInterrupted: true)
    case .control("z"): return .stop
    case .control("l"): return .redraw
    case .escape:
      if work != nil { return .endComputation }
      if focus.key != nil { focus.key = nil } else { needle = "" }
    case .character("?"), .character("H"): (showsHelp, scroll) = (true, 0)
    case .character("c"): (showsCommand, scroll) = (true, 0)
    case .character("v"): (showsNumbers, scroll) = (!showsNumbers, 0)
    case .tab: (isPictureWhole, scroll) = (!isPictureWhole, 0)
    case .character("g"): prompt = Prompt(.jump)
    case .character("/"): prompt = Prompt(.find)
    case .character("s"): return .save
    case .character("t"): return .saveTrace
    default: message = Message("\(key.name) does nothing; ? shows the keys", isWarning: true)
    }
    return nil
  }

  private mutating func answer(_ prompt: Prompt) -> Effect? {
    switch prompt.kind {
    case .jump: jump(to: prompt.text)
    case .find: find(prompt.text)
    case .replace:
      guard !prompt.text.isEmpty else { return nil }
      return .replace(token: focus.token, by: prompt.text)
    }
    return nil
  }
}

extension Key {
  /// The key as help and messages name it.
  var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): "\(character)"
    case .control(let letter): "Ctrl-\(letter.uppercased())"
    case .paste: "pasted text"
    default: "\(self)"
    }
  }
}
