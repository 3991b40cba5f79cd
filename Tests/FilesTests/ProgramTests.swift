import Files
import TestSupport
import Testing

@Suite struct ProgramTests {
  @Test func givesWordsAndVariablesAsTheyAre() throws {
    let words = ["a b", "$HOME", "`id`", "\"'\\", "", "東京"]
    let result = try runProgram(
      ["/bin/sh", "-c", "printf '[%s]' \"$@\" \"$X\"", "sh"] + words, variables: ["X": "y\nz"])
    #expect(result?.code == 0)
    #expect(result?.output == (words + ["y\nz"]).map { "[\($0)]" }.joined())
  }

  @Test func readsNothingAndHearsBothStreams() throws {
    let result = try runProgram(["/bin/sh", "-c", "cat; echo out; echo error >&2; exit 7"])
    #expect(result?.code == 7)
    #expect(result?.output == "out\nerror\n")
  }

  @Test func tellsTheSignal() throws {
    #expect(try runProgram(["/bin/sh", "-c", "kill -TERM $$"])?.code == 143)
  }

  @Test func knowsWhatIsNotThere() throws {
    #expect(try runProgram(["no-such-program-here"]) == nil)
    #expect(try runProgram(["/dev/null"]) == nil)
    #expect(try runProgram([]) == nil)
  }

  @Test func keepsTheEndOfALongOutput() throws {
    let result = try runProgram(["/bin/sh", "-c", "yes | head -c 3000000; echo end"])
    #expect(result?.output.utf8.count == 1 << 16)
    #expect(result?.output.hasSuffix("y\nend\n") == true)
  }
}
