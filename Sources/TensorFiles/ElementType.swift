internal import Tensors

/// How numbers are stored in a file.
enum ElementType: String, CaseIterable {
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case float64 = "F64"

  /// Makes a tensor of stored little-endian numbers: F32 that is aligned is referred to and
  /// `owner` kept alive, anything else is widened into memory of its own.
  func tensor(_ bytes: UnsafeRawBufferPointer, shape: [Int], owner: AnyObject) -> Tensor {
    switch self {
    case .float32:
      if let numbers = bytes.aligned(to: Float.self) {
        return Tensor(numbers, owner: owner, shape: shape)
      }
      return widen(bytes, shape) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16:
      return widen(bytes, shape) { (bits: UInt16) in Self.float(half: bits) }
    case .bfloat16:
      return widen(bytes, shape) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .float64:
      return widen(bytes, shape) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    }
  }

  private func widen<Bits: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ shape: [Int], _ convert: (Bits) -> Float
  ) -> Tensor {
    Tensor(shape: shape) { out in
      for index in out.indices {
        let offset = index * MemoryLayout<Bits>.size
        let bits = bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)
        out[index] = convert(Bits(littleEndian: bits))
      }
    }
  }

  /// Widens an IEEE 754 half by its bits: Swift has no `Float16` on every platform.
  private static func float(half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let exponent = UInt32(half >> 10 & 0x1F)
    let fraction = UInt32(half & 0x3FF)
    switch exponent {
    case 0:
      let size = Float(fraction) * 0x1p-24
      return sign == 0 ? size : -size
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes as values of a type, when they are aligned for it.
  func aligned<Value>(to: Value.Type) -> UnsafeBufferPointer<Value>? {
    guard Int(bitPattern: baseAddress) % MemoryLayout<Value>.alignment == 0 else { return nil }
    return bindMemory(to: Value.self)
  }

  /// The bytes as values of a type, at any alignment.
  func values<Value: FixedWidthInteger>(of: Value.Type) -> [Value] {
    stride(from: 0, to: count - MemoryLayout<Value>.size + 1, by: MemoryLayout<Value>.size)
      .map { loadUnaligned(fromByteOffset: $0, as: Value.self) }
  }
}
