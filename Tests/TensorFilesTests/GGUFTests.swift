import Files
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct GGUFTests {
  /// Calls `body` with the file that a builder describes.
  static func with(_ builder: GGUFBuilder, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/t.gguf", builder.bytes)
      try body(folder + "/t.gguf")
    }
  }

  /// A sound file: two tensors and a few values.
  static var sound: GGUFBuilder {
    var file = GGUFBuilder()
    file.set("general.architecture", .text("none"))
    file.set("n", .integer(7))
    file.add("a", [2, 3], [1, 2, 3, 4, 5, 6])
    file.add("b", [5], [-1, 0, 0.5, 2, 9])
    return file
  }

  /// Every format, bit for bit as the formulas in single precision give it.
  @Test(arguments: PackedFormat.allCases)
  func blocksAreWhatTheFormulasSay(format: PackedFormat) throws {
    let folder = Fixtures.folder + "/gguf"
    try compare(
      try GGUF(folder + "/blocks.gguf"), try SafeTensors(folder + "/blocks.safetensors"),
      name: format.rawValue)
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: PackedFormat.allCases)
  func sharedBlocksAgree(format: PackedFormat) throws {
    let root = try #require(Fixtures.parity) + "/gguf"
    try compare(
      try GGUF(root + "/quant_blocks.gguf"),
      try SafeTensors(root + "/quant_blocks.expected.safetensors"), name: "t." + format.rawValue)
  }

  private func compare(_ file: GGUF, _ expected: SafeTensors, name: String) throws {
    let found = try #require(try file.tensor(name))
    let numbers = try #require(try expected.tensor(name))
    #expect(found.count > 0)
    #expect(found == numbers)
    let rows = try #require(try file.rows(name))
    #expect(Matrix(rows).row(1) == numbers.slice(1))
  }

  /// The tensors of the shared models, or their first rows.
  @Test(.enabled(if: Fixtures.parity != nil, "the shared parity set is not here"))
  func sharedTensorsAgree() throws {
    let root = try #require(Fixtures.parity) + "/gguf"
    let names = try namesInFolder(root).filter { $0.hasSuffix(".dequant.safetensors") }
    #expect(names.count > 10)
    for name in names {
      let file = try GGUF(root + "/" + name.dropLast(".dequant.safetensors".count) + ".gguf")
      let expected = try SafeTensors(root + "/" + name)
      for entry in expected.entries {
        let numbers = try #require(try expected.tensor(entry.name))
        let found = try #require(try file.tensor(entry.name))
        #expect(found.shape.last == numbers.shape.last)
        let first = Tensor(Array(found.numbers.prefix(numbers.count)), shape: numbers.shape)
        #expect(first == numbers, "\(name): \(entry.name)")
      }
    }
  }

  @Test func typesThatAreNotReadAreNamed() throws {
    let root = Fixtures.folder + "/gguf/blocks.gguf"
    #expect(try GGUF(root).tensor("nothing") == nil)
    var file = GGUFBuilder()
    file.tensors = [.init(name: "x", extents: [32], type: 20, data: Array(repeating: 0, count: 18))]
    try Self.with(file) { path in
      let gguf = try GGUF(path)
      #expect(gguf.entries.first?.type == "IQ4_NL")
      let error = #expect(throws: FileError.self) { try gguf.tensor("x") }
      #expect(error?.fact.contains("IQ4_NL") == true && error?.fact.contains("Q4_1") == true)
    }
  }

  // MARK: metadata

  @Test func readsEveryTypeOfValue() throws {
    var file = Self.sound
    file.alignment = 64
    file.set("general.alignment", .integer(64))
    file.set("u8", .init(0, [255]))
    file.set("i8", .init(1, [0x80]))
    file.set("u16", .init(2, [0xFF, 0xFF]))
    file.set("i16", .init(3, [0x00, 0x80]))
    file.set("i32", .init(5, [0, 0, 0, 0x80]))
    file.set("u64", .init(10, Array(repeating: 0xFF, count: 8)))
    file.set("i64", .init(11, Array(repeating: 0, count: 7) + [0x80]))
    file.set("f64", .init(12, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]))
    file.set("yes", .flag(true))
    file.set("words", .list(8, [.text(""), .text("a"), .text("猫")]))
    file.set("numbers", .list(6, [.number(0.5), .number(-1.25)]))
    file.set("ids", .list(5, [.init(5, [1, 0, 0, 0]), .init(5, [0xFE, 0xFF, 0xFF, 0xFF])]))
    file.set("flags", .list(7, [.flag(true), .flag(false)]))
    try Self.with(file) { path in
      let gguf = try GGUF(path)
      let expected: [(String, GGUF.Value)] = [
        ("u8", .unsigned(255)), ("i8", .integer(-128)), ("u16", .unsigned(65_535)),
        ("i16", .integer(-32_768)), ("n", .unsigned(7)), ("i32", .integer(-2_147_483_648)),
        ("u64", .unsigned(.max)), ("i64", .integer(.min)), ("f64", .number(1.5)),
        ("yes", .bool(true)), ("general.architecture", .string("none")),
      ]
      for (key, value) in expected { #expect(gguf[key] == value) }
      #expect(try gguf["words"]?.list?.strings() == ["", "a", "猫"])
      #expect(gguf["numbers"]?.list?.numbers() == [0.5, -1.25])
      #expect(gguf["ids"]?.list?.integers() == [1, -2])
      #expect(gguf["flags"]?.list?.flags() == [true, false])
      #expect(gguf["words"]?.list?.numbers() == nil && gguf["words"]?.list?.integers() == nil)
      #expect(try gguf["ids"]?.list?.strings() == nil && gguf["ids"]?.list?.numbers() == nil)
      #expect(gguf["u64"]?.integer == nil && gguf["nothing"] == nil)
      #expect(try gguf.tensor("a")?.numbers == [1, 2, 3, 4, 5, 6])
      #expect(try gguf.tensor("b")?.shape == [5])
    }
  }

  @Test(.enabled(if: Fixtures.parity != nil, "the shared parity set is not here"))
  func sharedMetadataAgrees() throws {
    let root = try #require(Fixtures.parity) + "/gguf/metadata_types"
    let gguf = try GGUF(root + ".gguf")
    let expected = try #require(
      try Fixtures.json(root + ".expected.json")["metadata"]?.members)
    for (key, value) in expected.map({ ($0.key, $0.value) }) where value.elements == nil {
      #expect(gguf[key]?.json == value, "\(key)")
    }
    #expect(try gguf["t.arr_str"]?.list?.strings() == ["", "a", "猫"])
    #expect(try gguf.tensor("b")?.numbers == [0, 1, 2, 3, 4])
  }

  // MARK: broken files

  /// What is wrong with a file, and a word of the message.
  static let faults: [(word: String, change: @Sendable (inout GGUFBuilder) -> Void)] = [
    ("does not begin", { $0.magic = Array("gguf".utf8) }),
    ("version 1", { $0.version = 1 }),
    ("version 4", { $0.version = 4 }),
    ("big-endian", { $0.version = 0x0300_0000 }),
    ("claims", { $0.counts.pairs = .max }),
    ("claims", { $0.counts.tensors = 1 << 63 }),
    ("", { $0.counts.pairs = 3 }),
    ("", { $0.counts.tensors = 3 }),
    ("twice", { $0.metadata.append(("n", .integer(8))) }),
    ("twice", { $0.add("a", [2, 3], [1, 2, 3, 4, 5, 6]) }),
    ("unknown", { $0.set("n", .init(13, [0, 0, 0, 0])) }),
    ("ends too early", { $0.set("n", .init(8, Array(repeating: 0xFF, count: 8))) }),
    ("UTF-8", { $0.set("n", .init(8, [2, 0, 0, 0, 0, 0, 0, 0, 0xC3, 0x28])) }),
    ("lists", { $0.set("n", .list(9, [])) }),
    ("type 13", { $0.set("n", .list(13, [])) }),
    (
      "claims", { $0.set("n", .init(9, [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 2, 3, 4])) }
    ),
    ("power of two", { $0.set("general.alignment", .integer(0)) }),
    ("power of two", { $0.set("general.alignment", .integer(24)) }),
    ("power of two", { $0.set("general.alignment", .text("32")) }),
    ("axes", { $0.tensors[0].extents = [] }),
    ("axes", { $0.tensors[0].extents = [1, 1, 1, 1, 6] }),
    ("too large", { $0.tensors[0].extents = [0, 6] }),
    ("too large", { $0.tensors[0].extents = [1 << 32, 1 << 32] }),
    ("too large", { $0.tensors[0].extents = [1 << 61, 3] }),
    ("too large", { $0.tensors[0].extents = [.max, 1] }),
    ("begins at", { $0.tensors[0].extents = [3, 3] }),
    ("complete", { $0.tensors[1].extents = [5000] }),
    ("type 4", { $0.tensors[0].type = 4 }),
    ("packs them by 32", { $0.tensors[0].type = 8 }),
    ("begins at", { $0.tensors[1].offset = 0 }),
    ("begins at", { $0.tensors[1].offset = 33 }),
    ("begins at", { $0.tensors[0].offset = .max }),
    ("64 bytes", { $0.tensors[0].name = String(repeating: "n", count: 64) }),
  ]

  @Test(arguments: faults.indices)
  func saysWhatIsWrong(fault: Int) throws {
    var file = Self.sound
    Self.faults[fault].change(&file)
    try Self.with(file) { path in
      let error = #expect(throws: FileError.self) { try GGUF(path) }
      #expect(error?.kind == .badData)
      let word = Self.faults[fault].word
      #expect(word.isEmpty || error?.fact.contains(word) == true, "\(error?.fact ?? "")")
    }
  }

  @Test func everyCutIsAnError() throws {
    let whole = Self.sound.bytes
    // Behind the last tensor stands padding only.
    let end = whole.count - 12
    try withTemporaryFolder { folder in
      for count in 0..<end {
        try writeFile(folder + "/t.gguf", Array(whole.prefix(count)))
        #expect(throws: FileError.self) { try GGUF(folder + "/t.gguf") }
      }
      try writeFile(folder + "/t.gguf", Array(whole.prefix(end)))
      #expect(try GGUF(folder + "/t.gguf").entries.count == 2)
    }
  }
}
