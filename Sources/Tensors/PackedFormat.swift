internal import CKernels

/// How a file packs parameters: blocks of numbers that share their scales, or single numbers of
/// less than 32 bits.
///
/// The cases stand in the order of the kernels' table.
public enum PackedFormat: String, Sendable, CaseIterable {
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case q40 = "Q4_0"
  case q41 = "Q4_1"
  case q50 = "Q5_0"
  case q51 = "Q5_1"
  case q80 = "Q8_0"
  case q2K = "Q2_K"
  case q3K = "Q3_K"
  case q4K = "Q4_K"
  case q5K = "Q5_K"
  case q6K = "Q6_K"

  /// Numbers in a block; a row has whole blocks.
  public var blockCount: Int { kernels.numbers }

  /// Bytes of a block.
  public var blockSize: Int { kernels.bytes }

  /// Bytes of `count` numbers, a multiple of a block's.
  public func size(of count: Int) -> Int { count / blockCount * blockSize }

  /// Writes the numbers of whole blocks.
  ///
  /// - Precondition: `bytes` holds as many numbers as `out` has room for.
  package func widen(
    _ bytes: UnsafeRawBufferPointer, into out: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(out.count % blockCount == 0 && bytes.count == size(of: out.count))
    guard let from = bytes.baseAddress, let to = out.baseAddress else { return }
    kernels.widen?(from.assumingMemoryBound(to: UInt8.self), to, out.count)
  }

  /// What the format can do; a search, so ask once.
  var kernels: CBlockKernels {
    ckernels().pointee.formats[Self.allCases.firstIndex(of: self) ?? 0]
  }
}
