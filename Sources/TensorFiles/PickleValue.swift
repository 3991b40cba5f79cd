/// A value on the stack of the pickle machine.
///
/// Whatever holds others lives in the machine's tables and is named by its place there: no value
/// nests in another, so neither depth nor a cycle can hurt.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)

  /// What this is, in words for messages.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a boolean"
    case .integer, .number: "a number"
    case .text: "a string"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .global(let global): global.rawValue
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// The only names of Python that a checkpoint may refer to. None of them is ever called: each
/// stands for a step of ours.
enum PickleGlobal: String, CaseIterable {
  case orderedDictionary = "collections.OrderedDict"
  case rebuildTensor = "torch._utils._rebuild_tensor_v2"
  case rebuildParameter = "torch._utils._rebuild_parameter"
  case floats = "torch.FloatStorage"
  case halves = "torch.HalfStorage"
  case bfloats = "torch.BFloat16Storage"
  case doubles = "torch.DoubleStorage"
  case longs = "torch.LongStorage"
  case integers = "torch.IntStorage"
  case bytes = "torch.ByteStorage"
  case booleans = "torch.BoolStorage"

  /// The type of a storage as safetensors names it, and the bytes of an element.
  var elements: (type: String, size: Int)? {
    switch self {
    case .orderedDictionary, .rebuildTensor, .rebuildParameter: nil
    case .floats: ("F32", 4)
    case .halves: ("F16", 2)
    case .bfloats: ("BF16", 2)
    case .doubles: ("F64", 8)
    case .longs: ("I64", 8)
    case .integers: ("I32", 4)
    case .bytes: ("U8", 1)
    case .booleans: ("BOOL", 1)
    }
  }
}

/// A run of numbers in a file of a `torch.save` archive.
struct TorchStorage {
  /// The type as safetensors names it.
  var type: String
  /// Bytes of an element.
  var size: Int
  /// The file's name in the archive's folder `data`.
  var key: String
  /// How many elements there are.
  var count: Int
}

/// A box of numbers somewhere in a storage.
struct TorchTensor {
  /// The place of its storage in the machine's table.
  var storage: Int
  /// The first element.
  var offset: Int
  var shape: [Int]
  /// How many elements lie between neighbours along each axis.
  var strides: [Int]

  /// How many elements it has.
  var count: Int { shape.reduce(1, *) }

  /// Whether the elements follow each other in row-major order.
  var isContiguous: Bool {
    var step = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
      guard stride == step else { return false }
      step *= extent
    }
    return true
  }

  /// Why the elements are not all inside a storage of so many, each counted once at most.
  func fault(inStorageOf size: Int) -> String? {
    var count = 1
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      guard extent >= 0, stride >= 0 else { return "a negative extent or stride" }
      guard extent > 0 else { return offset <= size ? nil : "an offset past its storage" }
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      let (step, isFar) = stride.multipliedReportingOverflow(by: extent - 1)
      let (sum, isFarther) = last.addingReportingOverflow(step)
      guard !overflows, !isFar, !isFarther else { return "a size out of range" }
      (count, last) = (product, sum)
    }
    guard offset >= 0, last < size else { return "elements past the \(size) of its storage" }
    return count <= size ? nil : "more elements than its storage"
  }
}
