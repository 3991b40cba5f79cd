internal import Tensors

extension GGUF {
  /// A type of tensor: how many numbers a block has and how many bytes it takes.
  struct TensorType {
    var name: String
    var count: Int
    var size: Int

    /// The format, when the numbers can be read.
    var format: PackedFormat? { PackedFormat(rawValue: name) }
  }

  /// The types by their number in a file. Those that cannot be read are here for their sizes: a
  /// tensor of such a type may stand between others.
  static let types: [UInt32: TensorType] = [
    0: TensorType(name: "F32", count: 1, size: 4),
    1: TensorType(name: "F16", count: 1, size: 2),
    2: TensorType(name: "Q4_0", count: 32, size: 18),
    3: TensorType(name: "Q4_1", count: 32, size: 20),
    6: TensorType(name: "Q5_0", count: 32, size: 22),
    7: TensorType(name: "Q5_1", count: 32, size: 24),
    8: TensorType(name: "Q8_0", count: 32, size: 34),
    9: TensorType(name: "Q8_1", count: 32, size: 36),
    10: TensorType(name: "Q2_K", count: 256, size: 84),
    11: TensorType(name: "Q3_K", count: 256, size: 110),
    12: TensorType(name: "Q4_K", count: 256, size: 144),
    13: TensorType(name: "Q5_K", count: 256, size: 176),
    14: TensorType(name: "Q6_K", count: 256, size: 210),
    15: TensorType(name: "Q8_K", count: 256, size: 292),
    16: TensorType(name: "IQ2_XXS", count: 256, size: 66),
    17: TensorType(name: "IQ2_XS", count: 256, size: 74),
    18: TensorType(name: "IQ3_XXS", count: 256, size: 98),
    19: TensorType(name: "IQ1_S", count: 256, size: 50),
    20: TensorType(name: "IQ4_NL", count: 32, size: 18),
    21: TensorType(name: "IQ3_S", count: 256, size: 110),
    22: TensorType(name: "IQ2_S", count: 256, size: 82),
    23: TensorType(name: "IQ4_XS", count: 256, size: 136),
    24: TensorType(name: "I8", count: 1, size: 1),
    25: TensorType(name: "I16", count: 1, size: 2),
    26: TensorType(name: "I32", count: 1, size: 4),
    27: TensorType(name: "I64", count: 1, size: 8),
    28: TensorType(name: "F64", count: 1, size: 8),
    29: TensorType(name: "IQ1_M", count: 256, size: 56),
    30: TensorType(name: "BF16", count: 1, size: 2),
    34: TensorType(name: "TQ1_0", count: 256, size: 54),
    35: TensorType(name: "TQ2_0", count: 256, size: 66),
    39: TensorType(name: "MXFP4", count: 32, size: 17),
  ]
}
