internal import Files

/// The head of a NumPy `.npy` array: its type, order and shape. Source: NEP 1 and `numpy.lib.format`.
struct NPYHeader {
  /// The longest head that is read; numpy writes 118 bytes.
  static let mostBytes = 1 << 16

  /// What an element is.
  enum Element: Equatable {
    /// Numbers, under the name that safetensors has for the type, and their bytes.
    case number(String, size: Int)
    /// Text of at most so many scalars.
    case text(Int)

    /// Bytes of an element.
    var size: Int {
      switch self {
      case .number(_, let size): size
      case .text(let count): count * 4
      }
    }
  }

  let element: Element
  /// Whether the first axis runs fastest.
  let isFortran: Bool
  let shape: [Int]
  /// How many bytes the head takes.
  let length: Int
  /// How many elements there are.
  let count: Int

  private static let numbers: [String: (String, Int)] = [
    "f2": ("F16", 2), "f4": ("F32", 4), "f8": ("F64", 8), "i4": ("I32", 4), "i8": ("I64", 8),
    "u1": ("U8", 1), "b1": ("BOOL", 1),
  ]

  /// Reads the head at the beginning of `bytes`.
  ///
  /// - Parameter path: The array's name for messages.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
    var reader = ByteReader(bytes, path: path)
    guard try reader.take(6).elementsEqual([0x93] + Array("NUMPY".utf8)) else {
      throw FileError(.badData, path, "is not a NumPy array")
    }
    let version = try reader.integer(UInt8.self)
    _ = try reader.integer(UInt8.self)
    guard (1...3).contains(version) else {
      throw FileError(.badData, path, "is of npy format \(version); known: 1, 2, 3")
    }
    let size =
      version == 1
      ? Int(try reader.integer(UInt16.self)) : Int(try reader.integer(UInt32.self))
    guard size <= Self.mostBytes - 12 else {
      throw FileError(.badData, path, "its head claims \(size) bytes")
    }
    var words = NPYWords(try reader.take(size), path: path)
    (element, isFortran, shape) = try words.description()
    length = reader.position
    count = try Self.count(shape, of: element, path)
  }

  /// The number of elements, whose bytes fit an integer.
  private static func count(_ shape: [Int], of element: Element, _ path: String) throws -> Int {
    var count = 1
    for extent in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw FileError(.badData, path, "its shape is too large") }
      count = product
    }
    guard !count.multipliedReportingOverflow(by: max(element.size, 1)).overflow else {
      throw FileError(.badData, path, "its shape is too large")
    }
    return count
  }

  /// What a type's description in the head means: `<f4`.
  fileprivate static func element(_ words: String, _ path: String) throws -> Element {
    let order = words.utf8.first
    let kind = String(words.dropFirst())
    if kind == "O" {
      throw FileError(
        .badData, path, "holds Python objects, which would have to be run; they are never read")
    }
    if order == UInt8(ascii: ">") {
      throw FileError(.badData, path, "holds big-endian numbers, which are not read")
    }
    if let (name, size) = numbers[kind], order == UInt8(ascii: size == 1 ? "|" : "<") {
      return .number(name, size: size)
    }
    if order == UInt8(ascii: "<"), kind.utf8.first == UInt8(ascii: "U"),
      let length = Int(kind.dropFirst()), (0...1 << 24).contains(length)
    {
      return .text(length)
    }
    throw FileError(
      .badData, path,
      "holds \"\(words.visible)\"; known: <f2, <f4, <f8, <i4, <i8, |u1, |b1, <U")
  }
}

/// The words of the head: a dictionary as Python writes it, of three keys in any order.
private struct NPYWords {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  mutating func description() throws -> (NPYHeader.Element, Bool, [Int]) {
    var element: NPYHeader.Element?
    var isFortran: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try text()
      try expect(":")
      switch key {
      case "descr" where element == nil: element = try NPYHeader.element(try text(), path)
      case "fortran_order" where isFortran == nil: isFortran = try flag()
      case "shape" where shape == nil: shape = try tuple()
      default: throw failure("the key \"\(key.visible)\" is unknown or there twice")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard let element, let isFortran, let shape, position == bytes.count else {
      throw failure("it is not a description of an array")
    }
    return (element, isFortran, shape)
  }

  private mutating func text() throws -> String {
    try expect("'")
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "'") { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    try expect("'")
    return text
  }

  private mutating func flag() throws -> Bool {
    for (word, value) in [("True", true), ("False", false)] where take(word) { return value }
    throw failure("True or False expected")
  }

  private mutating func tuple() throws -> [Int] {
    var extents: [Int] = []
    try expect("(")
    while !take(")") {
      guard extents.count < 64 else { throw failure("more than 64 axes") }
      extents.append(try extent())
      if !take(",") {
        try expect(")")
        break
      }
    }
    return extents
  }

  private mutating func extent() throws -> Int {
    skipSpace()
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw failure("an extent that is not a whole number")
    }
    return value
  }

  private mutating func expect(_ word: String) throws {
    guard take(word) else { throw failure("\(word) expected at its byte \(position)") }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A {
      position += 1
    }
  }

  private func failure(_ fact: String) -> FileError {
    FileError(.badData, path, "its head: \(fact)")
  }
}
