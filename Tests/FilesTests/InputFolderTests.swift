import Files
import TestSupport
import Testing

@Suite struct InputFolderTests {
  private static let files: [(String, [UInt8])] = [
    ("b.json", Array(#"{"a": [1, 2]}"#.utf8)), ("a", [0, 255, 7]), ("empty", []),
  ]

  /// The same files on the disk and in memory.
  private func withBoth(_ body: (InputFolder) throws -> Void) throws {
    try withTemporaryFolder { path in
      for (name, bytes) in Self.files { try writeFile(path + "/" + name, bytes) }
      try body(InputFolder(path))
    }
    let held = Self.files.map { (name: $0.0, bytes: UnsafeMutableRawBufferPointer.copy($0.1)) }
    defer { for file in held { file.bytes.deallocate() } }
    try body(
      InputFolder(resident: "place", held.map { ($0.name, UnsafeRawBufferPointer($0.bytes)) }))
  }

  @Test func readsWhatIsThere() throws {
    try withBoth { folder in
      #expect(try folder.names() == ["a", "b.json", "empty"])
      for (name, bytes) in Self.files {
        #expect(folder.contains(name))
        #expect(try folder.read(name) == bytes)
        let file = try folder.map(name)
        #expect(Array(file.bytes) == bytes)
        #expect(file.path == folder.path(of: name))
      }
      #expect(try folder.json("b.json")["a"]?[1] == 2)
    }
  }

  @Test func saysWhatIsMissingOrBroken() throws {
    try withBoth { folder in
      #expect(!folder.contains("c"))
      for body in [{ _ = try folder.read("c") }, { _ = try folder.map("c") }] as [() throws -> Void]
      {
        let error = fileError(body)
        #expect(error?.kind == .notFound)
        #expect(error?.path == folder.path + "/c")
      }
      let error = fileError { _ = try folder.json("a") }
      #expect(error?.kind == .badData && error?.path == folder.path + "/a")
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// A copy that is to be deallocated.
  fileprivate static func copy(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    copy.copyBytes(from: bytes)
    return copy
  }
}
