import Figures
import Stepping
import Testing

@Suite struct KeyDecoderTests {
  @Test(arguments: [
    ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}OB", .down),
    ("\u{1B}[C", .right), ("\u{1B}OC", .right), ("\u{1B}[D", .left), ("\u{1B}OD", .left),
    ("\u{1B}[H", .home), ("\u{1B}OH", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home),
    ("\u{1B}[F", .end), ("\u{1B}OF", .end), ("\u{1B}[4~", .end), ("\u{1B}[5~", .pageUp),
    ("\u{1B}[6~", .pageDown), ("\u{1B}[3~", .delete), ("\u{1B}[Z", .backTab),
    ("\u{1B}[1;5C", .right), ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace),
    ("\u{8}", .backspace), ("\u{3}", .control("c")), ("\u{1A}", .control("z")),
    ("a", .character("a")), ("é", .character("é")), ("ש", .character("ש")),
    ("語", .character("語")), ("😀", .character("😀")),
  ])
  func aKeyHasItsBytes(_ bytes: String, _ key: Key) {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: Array(bytes.utf8)) == [key])
    #expect(!decoder.isWaiting)
  }

  /// However the bytes are cut, the keys are the same.
  @Test func bytesMayComeInPieces() {
    let text = "q\u{1B}[Aé\u{1B}[5~😀\u{1B}OC\u{1B}[200~x\u{1B}y\u{1B}[201~z"
    let keys: [Key] = [
      .character("q"), .up, .character("é"), .pageUp, .character("😀"), .right, .paste("x\u{1B}y"),
      .character("z"),
    ]
    let bytes = Array(text.utf8)
    for cut in 1..<bytes.count {
      var decoder = KeyDecoder()
      let found = decoder.keys(from: bytes[..<cut]) + decoder.keys(from: bytes[cut...])
      #expect(found == keys, "cut after \(cut)")
    }
    var decoder = KeyDecoder()
    #expect(bytes.flatMap { decoder.keys(from: [$0]) } == keys)
  }

  @Test func anEscapeAloneIsAKeyAfterSilence() {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: [0x1B]).isEmpty)
    #expect(decoder.isWaiting)
    #expect(decoder.keysAfterSilence() == [.escape])
    #expect(!decoder.isWaiting)
    #expect(decoder.keysAfterSilence().isEmpty)
  }

  @Test func twoEscapesAreTwoKeys() {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: [0x1B, 0x1B]) == [.escape])
    #expect(decoder.keysAfterSilence() == [.escape])
  }

  /// Function keys, Alt, mice, answers, and bytes that are no text do nothing.
  @Test(arguments: [
    "\u{1B}[15~", "\u{1B}[24;2~", "\u{1B}[[A", "\u{1B}OP", "\u{1B}x", "\u{1B}[I", "\u{1B}[<0;3;4m",
    "\u{1B}[?62;4c", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}]4;1;rgb:00/00/00\u{7}", "\u{0}", "\u{1D}",
  ])
  func whatIsNoKeyIsLeftOut(_ bytes: String) {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: Array(bytes.utf8) + Array("k".utf8)) == [.character("k")])
  }

  @Test(arguments: [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xE2, 0x28, 0xA1], [0x80, 0xBF]])
  func brokenTextIsLeftOut(_ bytes: [UInt8]) {
    var decoder = KeyDecoder()
    let keys = decoder.keys(from: bytes + Array("k".utf8))
    #expect(keys.last == .character("k"))
    for case .character(let character) in keys { #expect(character.isASCII) }
  }

  @Test func aSequenceThatNeverEndsIsGivenUp() {
    var decoder = KeyDecoder()
    _ = decoder.keys(from: Array("\u{1B}[".utf8) + Array(repeating: 0x31, count: 5000))
    _ = decoder.keysAfterSilence()
    #expect(decoder.keys(from: Array("k".utf8)).last == .character("k"))
  }

  @Test(arguments: [
    ("\u{1B}]11;rgb:0d0d/1111/1717\u{1B}\\", Color(0x0D1117)),
    ("\u{1B}]11;rgb:ff/ff/ff\u{7}", Color(0xFFFFFF)),
    ("\u{1B}]11;rgba:0000/8080/ffff/ffff\u{7}", Color(0x0080FF)),
  ])
  func theGroundIsUnderstood(_ answer: String, _ color: Color) {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: Array(answer.utf8)).isEmpty)
    #expect(decoder.ground == color)
  }

  @Test(arguments: ["\u{1B}]11;rgb:zz/00/00\u{7}", "\u{1B}]11;rgb:00/00\u{7}", "\u{1B}]11;?\u{7}"])
  func aStrangeGroundIsNone(_ answer: String) {
    var decoder = KeyDecoder()
    #expect(decoder.keys(from: Array(answer.utf8)).isEmpty)
    #expect(decoder.ground == nil)
  }

  @Test func scriptsNameKeys() {
    #expect(
      Key.all(in: "a<Right><Enter><lt><C-c><Esc>é") == [
        .character("a"), .right, .enter, .character("<"), .control("c"), .escape, .character("é"),
      ])
    #expect(Key.all(in: "<Nonsense>") == nil)
    #expect(Key.all(in: "a<") == nil)
  }
}
