import Files
import FoundationEssentials
import TensorFiles
import Tensors
import TestSupport
import Testing

/// The fixtures are made by Python's pickle, with stand-ins for PyTorch's names: see
/// Tests/Fixtures/torch/make.py. The parity set has a file that PyTorch wrote.
@Suite struct TorchFileTests {
  private static let folder = Fixtures.folder + "/torch/"

  private func numbers(_ file: TorchFile, _ name: String) throws -> [Float] {
    try #require(try file.tensor(name)).numbers
  }

  @Test(arguments: ["protocol2", "protocol4", "dict"])
  func reads(_ name: String) throws {
    let file = try TorchFile(Self.folder + name + ".bin")
    #expect(file.tensors.count == 15)
    #expect(file.contains("plain") && !file.contains("other"))
    #expect(try file.tensor("other") == nil)
    let all = (0..<24).map { Float($0) / 4 - 3 }
    #expect(try numbers(file, "plain") == all)
    #expect(try numbers(file, "part") == Array(all[12...]))
    #expect(try file.tensor("part")?.shape == [2, 6])
    let transposed = (0..<6).flatMap { row in (0..<4).map { all[row + 6 * $0] } }
    #expect(try numbers(file, "transposed") == transposed)
    var permuted: [Float] = []
    for a in 0..<2 { for b in 0..<4 { for c in 0..<3 { permuted.append(all[3 * a + 6 * b + c]) } } }
    #expect(try numbers(file, "permuted") == permuted)
    #expect(try numbers(file, "column") == [all[5], all[11], all[17], all[23]])
    #expect(try numbers(file, "scalar") == [all[7]])
    #expect(try file.tensor("scalar")?.shape == [])
    #expect(try file.tensor("empty")?.shape == [0, 5])
    #expect(try numbers(file, "parameter") == [1.5, -2.5])
    #expect(try numbers(file, "half") == [0.5, -1, 65504, 0x1p-24])
    #expect(try numbers(file, "brain") == [0.5, -1, 256, 1.0078125])
    #expect(try numbers(file, "double") == [0.1, .infinity])
  }

  @Test func listsTypesAndShapes() throws {
    let file = try TorchFile(Self.folder + "protocol2.bin")
    let types = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.type) })
    #expect(types["half"] == "F16" && types["brain"] == "BF16" && types["whole"] == "I64")
    #expect(types["bytes"] == "U8" && types["mask"] == "BOOL" && types["ints"] == "I32")
    let permuted = file.tensors.first { $0.name == "permuted" }
    #expect(permuted == StoredTensor(name: "permuted", type: "F32", shape: [2, 4, 3]))
    let error = fileError { _ = try file.tensor("whole") }
    #expect(error?.fact.contains("whole is of type I64") == true)
  }

  @Test(.enabled(if: Fixtures.parity != nil, "the shared parity set is not here"))
  func readsWhatPyTorchWrote() throws {
    let parity = try #require(Fixtures.parity)
    let file = try TorchFile(parity + "/containers/gpt2_bin/pytorch_model.bin")
    let expected = try SafeTensors(parity + "/models/gpt2/model.safetensors")
    let names = file.tensors.map(\.name)
    #expect(names.count == 29)
    for name in names where expected.contains(name) {
      #expect(try file.tensor(name) == expected.tensor(name), "\(name)")
    }
    #expect(names.filter(expected.contains).count >= 28)
  }

  /// Files that are refused, and a word of the reason.
  @Test(arguments: [
    ("past-end", "past the 4"), ("past-end-offset", "past the 4"), ("past-end-stride", "past"),
    ("expanded", "more elements"), ("negative-stride", "negative"),
    ("negative-offset", "shape and strides"), ("overflow", "out of range"),
    ("overflow-stride", "out of range"), ("ranks-differ", "differ in length"),
    ("storage-missing", "archive/data/0, which is not"), ("storage-short", "15 bytes"),
    ("big-endian", "big-endian"), ("not-a-tensor", "a is a number"),
    ("number-key", "a number, not a string"), ("list", "a list, not a dictionary"),
    ("two-pickles", "2 entries"), ("no-pickle", "0 entries"), ("legacy", "before 1.6"),
    ("pickle-twice", "a is there twice"),
    ("pickle-runs-system", "byte 2 of its pickle: asks for posix.system"),
    ("pickle-runs-eval", "builtins.eval"), ("pickle-runs-instance", "0x69"),
    ("pickle-runs-object", "0x81"), ("pickle-runs-escape", "<U+001B>[2J.x"),
    ("pickle-calls-storage", "torch.FloatStorage"), ("pickle-calls-text", "no function"),
    ("pickle-call-arguments", "arguments"), ("pickle-tensor-of-nothing", "not described"),
    ("pickle-parameter-of-nothing", "without a tensor"),
    ("pickle-storage-negative", "not described"), ("pickle-storage-of-function", "not described"),
    ("pickle-memo-empty", "memo 7"), ("pickle-stack-empty", "nothing on the stack"),
    ("pickle-stack-past-mark", "nothing on the stack"), ("pickle-no-mark", "no mark"),
    ("pickle-odd-items", "without a value"), ("pickle-items-of-list", "a list where"),
    ("pickle-append-to-number", "a list is expected"), ("pickle-build-of-number", "attributes"),
    ("pickle-unknown-opcode", "byte 2 of its pickle: the opcode 0x30"),
    ("pickle-protocol9", "protocol 9"), ("pickle-wide-number", "9 bytes"),
    ("pickle-text-too-long", "ends too early"), ("pickle-text-not-utf8", "not UTF-8"),
    ("pickle-long-name", "more than 200"), ("pickle-no-end", "ends too early"),
    ("pickle-empty", "ends too early"), ("pickle-many-values", "1000000 values"),
  ])
  func refuses(_ name: String, _ word: String) throws {
    let error = try #require(fileError { _ = try TorchFile(Self.folder + name + ".bin") })
    #expect(error.kind == .badData)
    #expect(error.fact.contains(word), "\(error)")
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
  }

  /// A million memos are one short of too many; the file ends in None.
  @Test func boundsTheMemo() throws {
    let error = fileError { _ = try TorchFile(Self.folder + "pickle-many-memos.bin") }
    #expect(error?.fact.contains("1000000 values") == true)
  }

  @Test func refusesPackedNumbers() throws {
    let file = try TorchFile(Self.folder + "packed.bin")
    #expect(fileError { _ = try file.tensor("a") }?.fact.contains("is packed") == true)
  }

  /// No prefix and no wrong byte crashes the reader; wrong numbers are noticed by the checksum.
  @Test func survivesDamage() throws {
    let whole = try readFile(Self.folder + "protocol2.bin")
    let sound = try numbers(TorchFile(Self.folder + "protocol2.bin"), "plain")
    try withTemporaryFolder { folder in
      let path = folder + "/damaged.bin"
      for place in stride(from: 0, to: whole.count, by: 7) {
        var bytes = whole
        bytes[place] ^= 0x55
        try Data(bytes).write(to: URL(filePath: path))
        if let file = try? TorchFile(path), let tensor = try? file.tensor("plain") {
          #expect(tensor.numbers == sound || place < 2500, "byte \(place)")
        }
        try Data(whole[..<place]).write(to: URL(filePath: path))
        #expect(fileError { _ = try TorchFile(path) }?.kind == .badData, "\(place) bytes")
      }
    }
  }
}
