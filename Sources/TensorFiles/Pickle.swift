internal import Files

/// Reads the pickle of a PyTorch checkpoint without running anything.
///
/// A pickle is a program for a stack machine that can call any function of Python. This machine
/// knows the opcodes that describe a dictionary of tensors and the names of `PickleGlobal`, and
/// refuses everything else by name. Source: Python's `pickletools`, protocols 2 to 5.
struct PickleMachine {
  /// The most entries of the stack and of every table; a large model needs a tenth.
  private static let mostEntries = 1_000_000
  /// The longest name of Python that is read.
  private static let longestName = 200

  private var reader: ByteReader
  private let path: String
  /// Where the current opcode is.
  private var start = 0
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// The contents of tuples, lists and dictionaries; of these keys and values in turn.
  private var groups: [[PickleValue]] = []
  private(set) var storages: [TorchStorage] = []
  private(set) var tensors: [TorchTensor] = []

  /// Prepares a pickle; `path` is for messages.
  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    reader = ByteReader(bytes, path: path)
    self.path = path
  }

  /// Runs to the end; the value that is left.
  mutating func run() throws -> PickleValue {
    while true {
      start = reader.position
      let code = try reader.integer(UInt8.self)
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw failure("the opcode 0x\(String(code, radix: 16)) is not accepted")
      }
      if opcode == .stop { return try pop() }
      try step(opcode)
      guard stack.count <= Self.mostEntries, groups.count <= Self.mostEntries,
        memo.count <= Self.mostEntries, marks.count <= Self.mostEntries
      else { throw failure("more than \(Self.mostEntries) values") }
    }
  }

  /// The keys and values of a dictionary.
  func pairs(_ dictionary: Int) -> [(key: PickleValue, value: PickleValue)] {
    let group = groups[dictionary]
    return stride(from: 0, to: group.count - 1, by: 2).map { (group[$0], group[$0 + 1]) }
  }

  // MARK: opcodes

  private mutating func step(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .stop: break
    case .proto:
      let version = try reader.integer(UInt8.self)
      guard version <= 5 else { throw failure("pickle protocol \(version); known: 2 to 5") }
    case .frame: _ = try reader.take(8)
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .int1: stack.append(.integer(Int(try reader.integer(UInt8.self))))
    case .int2: stack.append(.integer(Int(try reader.integer(UInt16.self))))
    case .int4: stack.append(.integer(Int(try reader.integer(Int32.self))))
    case .long1: stack.append(.integer(try long()))
    case .float:
      let bits = UInt64(bigEndian: try reader.integer(UInt64.self).littleEndian)
      stack.append(.number(Double(bitPattern: bits)))
    case .shortText, .shortString:
      stack.append(.text(try reader.text(Int(try reader.integer(UInt8.self)))))
    case .text: stack.append(.text(try reader.text(Int(try reader.integer(UInt32.self)))))
    case .put1: memo[Int(try reader.integer(UInt8.self))] = try top()
    case .put4: memo[Int(try reader.integer(UInt32.self))] = try top()
    case .memoize: memo[memo.count] = try top()
    case .get1: try recall(Int(try reader.integer(UInt8.self)))
    case .get4: try recall(Int(try reader.integer(UInt32.self)))
    default: try gather(opcode)
    }
  }

  /// The opcodes that make something of what is on the stack.
  private mutating func gather(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .mark: marks.append(stack.count)
    case .emptyTuple: stack.append(.tuple(group([])))
    case .emptyList: stack.append(.list(group([])))
    case .emptyDictionary: stack.append(.dictionary(group([])))
    case .tuple: stack.append(.tuple(group(try popToMark())))
    case .tuple1: stack.append(.tuple(group(try pop(1))))
    case .tuple2: stack.append(.tuple(group(try pop(2))))
    case .tuple3: stack.append(.tuple(group(try pop(3))))
    case .append: try addToList(try pop(1))
    case .appends: try addToList(try popToMark())
    case .setItem: try addToDictionary(try pop(2))
    case .setItems: try addToDictionary(try popToMark())
    case .global: stack.append(.global(try global(line(), line())))
    case .stackGlobal:
      let names = try pop(2)
      guard case .text(let module) = names[0], case .text(let name) = names[1] else {
        throw failure("a name that is not made of strings")
      }
      stack.append(.global(try global(module, name)))
    case .persistentID: stack.append(.storage(try storage(elements(ofTuple: pop()))))
    case .reduce: try call()
    case .build:
      // An ordered dictionary's attributes, such as the versions of its modules: not needed.
      _ = try pop()
      guard case .dictionary = try top() else { throw failure("attributes of \(try top().kind)") }
    default: throw failure("an opcode out of place")
    }
  }

  // MARK: calls

  private func global(_ module: String, _ name: String) throws -> PickleGlobal {
    guard let global = PickleGlobal(rawValue: module + "." + name) else {
      throw failure(
        "asks for \((module + "." + name).visible), which is never run here; save the model as "
          + "safetensors where you trust it")
    }
    return global
  }

  private mutating func call() throws {
    let arguments = try elements(ofTuple: pop())
    guard case .global(let global) = try pop() else { throw failure("a call of no function") }
    switch global {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw failure("an ordered dictionary with arguments") }
      stack.append(.dictionary(group([])))
    case .rebuildTensor:
      let tensor = try tensor(arguments)
      tensors.append(tensor)
      stack.append(.tensor(tensors.count - 1))
    case .rebuildParameter:
      guard let first = arguments.first, case .tensor = first else {
        throw failure("a parameter without a tensor")
      }
      stack.append(first)
    default: throw failure("a call of \(global.rawValue)")
    }
  }

  /// A storage of its arguments: "storage", type, key, device, count.
  private mutating func storage(_ parts: [PickleValue]) throws -> Int {
    guard parts.count == 5, case .text("storage") = parts[0], case .global(let global) = parts[1],
      let (type, size) = global.elements, case .text(let key) = parts[2],
      case .integer(let count) = parts[4], count >= 0, count <= Int.max / size
    else { throw failure("a storage that is not described as PyTorch does it") }
    storages.append(TorchStorage(type: type, size: size, key: key, count: count))
    return storages.count - 1
  }

  /// A tensor of its arguments: storage, offset, shape, strides, and what only training needs.
  private func tensor(_ parts: [PickleValue]) throws -> TorchTensor {
    guard parts.count == 6, case .storage(let storage) = parts[0],
      case .integer(let offset) = parts[1]
    else { throw failure("a tensor that is not described as PyTorch does it") }
    let tensor = TorchTensor(
      storage: storage, offset: offset, shape: try integers(parts[2]),
      strides: try integers(parts[3]))
    guard tensor.shape.count == tensor.strides.count, offset >= 0 else {
      throw failure("a tensor whose shape and strides differ in length")
    }
    if let fault = tensor.fault(inStorageOf: storages[storage].count) {
      throw failure("a tensor with \(fault)")
    }
    return tensor
  }

  private func integers(_ value: PickleValue) throws -> [Int] {
    try elements(ofTuple: value).map { element in
      guard case .integer(let number) = element else {
        throw failure("\(element.kind) in a tensor's shape")
      }
      return number
    }
  }
}

// MARK: - stack and tables

extension PickleMachine {
  private func failure(_ fact: String) -> FileError {
    FileError(.badData, path, "byte \(start) of its pickle: \(fact)")
  }

  private func top() throws -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else {
      throw failure("nothing on the stack")
    }
    return value
  }

  private mutating func pop() throws -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else { throw failure("nothing on the stack") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure("no mark on the stack") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func group(_ values: [PickleValue]) -> Int {
    groups.append(values)
    return groups.count - 1
  }

  private func elements(ofTuple value: PickleValue) throws -> [PickleValue] {
    guard case .tuple(let place) = value else {
      throw failure("\(value.kind) where a tuple is expected")
    }
    return groups[place]
  }

  private mutating func addToList(_ values: [PickleValue]) throws {
    guard case .list(let place) = try top() else {
      throw failure("\(try top().kind) where a list is expected")
    }
    groups[place] += values
  }

  private mutating func addToDictionary(_ values: [PickleValue]) throws {
    guard case .dictionary(let place) = try top(), values.count % 2 == 0 else {
      throw failure("\(try top().kind) where a dictionary is expected, or a key without a value")
    }
    groups[place] += values
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw failure("memo \(index) is empty") }
    stack.append(value)
  }

  private mutating func long() throws -> Int {
    let bytes = try reader.take(Int(try reader.integer(UInt8.self)))
    guard bytes.count <= 8 else { throw failure("a number of \(bytes.count) bytes") }
    var value = bytes.last.map { $0 & 0x80 == 0 ? 0 : -1 } ?? 0
    for byte in bytes.reversed() { value = value << 8 | Int(byte) }
    return value
  }

  /// The text up to the next newline.
  private mutating func line() throws -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try reader.integer(UInt8.self)
      if byte == UInt8(ascii: "\n") { break }
      bytes.append(byte)
      guard bytes.count <= Self.longestName else {
        throw failure("a name of more than \(Self.longestName) bytes")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
