import Explanations
import Stepping
import Testing
import Transformers

@Suite struct StepperTests {
  private func stepper(_ kind: Configuration.Kind = .encoder, _ script: String = "") -> Stepper {
    var stepper = Stepper(Samples.terrain(kind))
    stepper.press(script)
    return stepper
  }

  @Test(arguments: [Configuration.Kind.encoder, .decoder, .seq2seq])
  func theWholeWalkIsWalkedBothWays(_ kind: Configuration.Kind) {
    var stepper = stepper(kind)
    let all = Samples.terrain(kind).stations
    var seen = [stepper.station]
    for _ in 1..<all.count {
      stepper.press("<Right>")
      seen.append(stepper.station)
    }
    #expect(seen == all)
    stepper.press("l")
    #expect(stepper.station == all.last && stepper.message != nil)
    for _ in 1..<all.count { stepper.press("<Left>") }
    #expect(stepper.station == all.first)
    stepper.press("h")
    #expect(stepper.station == all.first)
    stepper.press("G")
    #expect(stepper.station == all.last)
    stepper.press("<Home>")
    #expect(stepper.station == all.first)
  }

  /// No order of keys leaves the ground.
  @Test(arguments: [Configuration.Kind.encoder, .decoder, .seq2seq])
  func noKeysLeadAstray(_ kind: Configuration.Kind) throws {
    var random = SystemRandomNumberGenerator()
    let keys = try #require(
      Key.all(in: "lhb][><lt>ajkJK+-nN{}xu.ovagc?/<Enter><Esc><Tab><Home><End>L1H3catZ"))
    var stepper = stepper(kind)
    for _ in 0..<3000 {
      if let key = keys.randomElement(using: &random) { _ = stepper.press(key) }
      let (side, focus) = (stepper.side, stepper.focus)
      #expect(side.tokens.indices.contains(focus.token))
      #expect((0..<side.layers).contains(focus.layer))
      #expect(focus.head.map { (0..<side.heads).contains($0) } ?? true)
      #expect(focus.key.map { stepper.keys.indices.contains($0) } ?? true)
      #expect(focus.temperature >= 0)
      if let layer = stepper.station.layer { #expect(focus.layer == layer) }
    }
  }

  @Test func theWalkBeginsAtTheLastWord() {
    #expect(stepper().focus.token == 6)
    #expect(stepper(.seq2seq, "G").focus.token == 2)
  }

  /// What follows a text is that of its last token, until another one is chosen.
  @Test func theEndIsThatOfTheLastToken() {
    var stepper = stepper(.decoder, "G")
    #expect(stepper.focus.token == Samples.sentence.count - 1)
    stepper.press("<Home>")
    #expect(stepper.focus.token == 6)
    stepper.press("kG")
    #expect(stepper.focus.token == 5)
  }

  @Test func layersKeepTheStation() {
    var stepper = stepper(.encoder, "gweights<Enter>")
    #expect(stepper.station == Station(.weights, layer: 0))
    stepper.press("]]")
    #expect(stepper.station == Station(.weights, layer: 2))
    stepper.press("]")
    #expect(stepper.station == Station(.weights, layer: 2) && stepper.message != nil)
    stepper.press("[[[")
    #expect(stepper.station == Station(.weights, layer: 0))
  }

  @Test func headsGoFromFirstToLastOrAll() {
    var stepper = stepper(.encoder, "gL1H2<Enter>>")
    #expect(stepper.focus.head == 3)
    stepper.press(">")
    #expect(stepper.focus.head == 3)
    stepper.press("<lt><lt><lt><lt>")
    #expect(stepper.focus.head == 0)
    stepper.press("a")
    #expect(stepper.focus.head == nil)
    stepper.press("a")
    #expect(stepper.focus.head == 0)
  }

  @Test(arguments: [
    ("L1H2", Station(.weights, layer: 1), 2), ("2.3", Station(.weights, layer: 2), 3),
    ("l2", Station(.weights, layer: 2), 0), ("L1.scores", Station(.scores, layer: 1), 0),
    ("embed", Station(.embedding), 0), ("feed", Station(.feedForward, layer: 0), 0),
  ])
  func jumpsGoWhereTheySay(_ words: String, _ station: Station, _ head: Int) {
    let stepper = stepper(.encoder, "g\(words)<Enter>")
    #expect(stepper.station == station)
    #expect(stepper.focus.head == head)
    #expect(stepper.message == nil)
  }

  @Test(arguments: ["L9", "H9", "L1H9", "nowhere", "L1.nowhere", "12345678901234567890", "-1"])
  func jumpsToNowhereSaySo(_ words: String) {
    let stepper = stepper(.encoder, "<Right>g\(words)<Enter>")
    #expect(stepper.station == Station(.tokens))
    #expect(stepper.message?.isWarning == true)
  }

  @Test func tokensAreFoundAroundTheEnd() {
    var stepper = stepper(.encoder, "/THE<Enter>")
    #expect(stepper.focus.token == 1)
    stepper.press("n")
    #expect(stepper.focus.token == 5)
    stepper.press("n")
    #expect(stepper.focus.token == 1)
    stepper.press("N")
    #expect(stepper.focus.token == 5)
    stepper.press("/dog<Enter>")
    #expect(stepper.focus.token == 5 && stepper.message?.isWarning == true)
  }

  @Test func promptsAreGivenUp() {
    var stepper = stepper(.encoder, "gL1<Esc>")
    #expect(stepper.prompt == nil && stepper.station == Station(.text))
    stepper.press("/a<Backspace><Backspace>")
    #expect(stepper.prompt == nil)
    // Letters in a prompt are letters.
    #expect(stepper.press("gq").isEmpty && stepper.prompt?.text == "q")
  }

  @Test func pastedTextIsForPromptsOnly() {
    var stepper = stepper()
    #expect(stepper.press(.paste("q")) == nil)
    #expect(stepper.station == Station(.text))
    _ = stepper.press(.character("g"))
    _ = stepper.press(.paste("L2H1\nq"))
    _ = stepper.press(.enter)
    #expect(stepper.station == Station(.weights, layer: 2) && stepper.focus.head == 1)
  }

  @Test func everyStackRemembersItsToken() {
    var stepper = stepper(.seq2seq, "<Home>kk")
    let token = stepper.focus.token
    stepper.press("G")
    #expect(stepper.focus.token == 2)
    stepper.press("k<Home>")
    #expect(stepper.focus.token == token)
    stepper.press("gdecoder.L0.cross.weights<Enter>")
    #expect(stepper.focus.token == 1)
    #expect(stepper.keys.count == Samples.sentence.count)
  }

  @Test func aKeyTokenIsLookedAt() {
    var stepper = stepper(.encoder, "gL0H0<Enter><Enter>")
    #expect(stepper.focus.key == 5)
    stepper.press("JKK")
    #expect(stepper.focus.key == 4)
    stepper.press("<Esc>")
    #expect(stepper.focus.key == nil)
  }

  @Test func theWaysOutAreEffects() {
    #expect(stepper().pressed("q") == [.quit(isInterrupted: false)])
    #expect(stepper().pressed("<C-c>") == [.quit(isInterrupted: true)])
    #expect(stepper().pressed("?<C-c>") == [.quit(isInterrupted: true)])
    #expect(stepper().pressed("<C-z>") == [.stop])
    #expect(stepper().pressed("s") == [.save])
    #expect(stepper().pressed("t") == [.saveTrace])
  }

  @Test func anyKeyLeavesHelp() {
    var stepper = stepper(.encoder, "?")
    #expect(stepper.showsHelp)
    #expect(stepper.press("q").isEmpty)
    #expect(!stepper.showsHelp && stepper.station == Station(.text))
  }
}

/// Changing the run.
@Suite struct StepperChangingTests {
  private let place = WalkEdits.Head(1, 2)

  private func stepper(_ kind: Configuration.Kind = .encoder) -> Stepper {
    var stepper = Stepper(Samples.terrain(kind))
    stepper.press("gL1H2<Enter>")
    return stepper
  }

  @Test func aHeadIsSwitchedOffAndOn() {
    var stepper = stepper()
    let off = [Change.head(isOff: true, place)]
    #expect(stepper.press("x") == [.compute(off)])
    #expect(stepper.work != nil && stepper.changes.isEmpty)
    stepper.finished(stepper.terrain, off)
    #expect(stepper.work == nil && stepper.changes.headsOff == [place])
    let effects = stepper.press("x")
    guard case .compute(let on)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(on.headsOff.isEmpty && on.words.isEmpty)
  }

  @Test func allHeadsOfALayerAreSwitched() {
    var stepper = stepper()
    guard case .compute(let off)? = stepper.press("ax").first else {
      Issue.record("nothing is computed")
      return
    }
    #expect(off.headsOff.count == 4)
    stepper.finished(stepper.terrain, off)
    guard case .compute(let on)? = stepper.press("x").first else { return }
    #expect(on.headsOff.isEmpty)
  }

  @Test func temperaturesOfOneHeadAreOneChange() {
    var stepper = stepper()
    for _ in 0..<3 { stepper.press("}") }
    #expect(stepper.work?.changes == [.attention(4, layer: 1, head: 2)])
    for _ in 0..<3 { stepper.press("{") }
    #expect(stepper.work?.changes == [])
    stepper.press("{")
    #expect(stepper.work?.changes.temperature(layer: 1, head: 2) == 0.7)
    #expect(stepper.work?.changes.temperature(layer: 1, head: 3) == 1)
  }

  @Test func undoGoesBackOneByOne() {
    var stepper = stepper()
    stepper.press("x}")
    #expect(stepper.work?.changes.count == 2)
    stepper.press("u")
    #expect(stepper.work?.changes == [.head(isOff: true, place)])
    stepper.press("u")
    #expect(stepper.work?.changes == [])
    stepper.finished(stepper.terrain, [])
    #expect(stepper.press("u").isEmpty && stepper.message?.isWarning == true)
  }

  @Test func aTokenIsReplacedByWhatIsTyped() {
    var stepper = stepper()
    #expect(stepper.press("rdog<Enter>") == [.replace(token: 6, by: "dog")])
    #expect(stepper.press("r<Enter>").isEmpty)
  }

  @Test func onlyDecodersAreContinued() {
    var decoder = stepper(.decoder)
    decoder.press("+")
    #expect(decoder.press(".") == [.append(temperature: 1.4)])
    for kind in [Configuration.Kind.encoder, .seq2seq] {
      var other = stepper(kind)
      #expect(other.press(".").isEmpty && other.message?.isWarning == true)
    }
  }

  @Test func aLongerTextIsFollowedToItsEnd() {
    var stepper = stepper(.decoder)
    let longer = Samples.terrain(.decoder, Samples.sentence + ["dog"])
    stepper.finished(longer, [.append(7, text: "dog")])
    #expect(stepper.focus.token == 9)
    #expect(!stepper.changes.isComparison && stepper.changes.appended == [7])
  }

  @Test func runsAreComparedOnlyWhereSomethingIsChanged() {
    var stepper = stepper()
    stepper.press("o")
    #expect(stepper.shown == .changed && stepper.message?.isWarning == true)
    stepper.finished(stepper.terrain, [.head(isOff: true, place)])
    stepper.press("o")
    #expect(stepper.shown == .difference)
    stepper.press("o")
    #expect(stepper.shown == .original)
    stepper.finished(stepper.terrain, [])
    #expect(stepper.shown == .changed)
  }

  @Test func escapeEndsAComputation() {
    var stepper = stepper()
    stepper.press("x")
    #expect(stepper.press("<Esc>") == [.endComputation])
    stepper.failed("ended")
    #expect(stepper.work == nil && stepper.message?.text == "ended")
  }
}

extension Stepper {
  fileprivate func pressed(_ script: String) -> [Effect] {
    var stepper = self
    return stepper.press(script)
  }
}
