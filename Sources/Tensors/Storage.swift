/// A run of numbers in memory: its own, or a part of something else that it keeps alive.
final class Storage: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let owner: AnyObject?

  /// Allocates room for `count` numbers, aligned to a cache line and not initialised.
  init(count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    start = bytes.bindMemory(to: Float.self, capacity: count)
    self.count = count
    owner = nil
  }

  /// Refers to numbers that `owner` keeps alive and that are never written.
  init(_ numbers: UnsafeBufferPointer<Float>, owner: AnyObject) {
    start = UnsafeMutablePointer(mutating: numbers.baseAddress ?? UnsafePointer(Self.nothing))
    count = numbers.count
    self.owner = owner
  }

  /// Maps `count` numbers of a file; `nil` when the system refuses.
  init?(mapping count: Int, of file: ScratchFile, at offset: Int) {
    let stride = MemoryLayout<Float>.stride
    guard let mapping = Mapping(file, at: offset, bytes: count * stride) else { return nil }
    start = mapping.start.bindMemory(to: Float.self, capacity: count)
    self.count = count
    owner = mapping
  }

  /// A part of numbers that are mapped from a file, mapped by itself; `nil` where they are not.
  func remapped(from start: Int, count: Int) -> Storage? {
    guard let mapping = owner as? Mapping else { return nil }
    let offset = mapping.offset + start * MemoryLayout<Float>.stride
    return Storage(mapping: count, of: mapping.file, at: offset)
  }

  deinit {
    if owner == nil { UnsafeMutableRawPointer(start).deallocate() }
  }

  nonisolated(unsafe) private static let nothing = UnsafeMutablePointer<Float>.allocate(capacity: 1)
}
