import Files
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct FoldersTests {
  @Test func createsFoldersAboveAndTakesWhatIsThere() throws {
    try withTemporaryFolder { folder in
      for _ in 0..<2 {
        try createFolder(folder + "/a/b/c/")
        #expect(folderExists(folder + "/a/b/c"))
      }
      try writeFile(folder + "/file", "x")
      #expect(fileError { try createFolder(folder + "/file") }?.kind == .cannotCreate)
      #expect(fileError { try createFolder(folder + "/file/a") }?.kind == .cannotCreate)
      #expect(fileError { try createFolder("") }?.kind == .cannotCreate)
    }
  }

  @Test func listsNamesInOrder() throws {
    try withTemporaryFolder { folder in
      for name in ["b", "é", ".a", "B"] { try writeFile(folder + "/" + name, "12345") }
      #expect(try namesInFolder(folder) == [".a", "B", "b", "é"])
      #expect(sizeOfTree(folder) == 20)
      #expect(fileError { _ = try namesInFolder(folder + "/no") }?.kind == .notFound)
    }
  }

  @Test func removesATreeAndNotWhatLinksLeadTo() throws {
    try withTemporaryFolder { folder in
      try createFolder(folder + "/tree/inner")
      try createFolder(folder + "/kept")
      try writeFile(folder + "/kept/file", "x")
      try writeFile(folder + "/tree/inner/file", "x")
      #expect(symlink(folder + "/kept", folder + "/tree/link") == 0)
      try removeTree(folder + "/tree")
      #expect(try namesInFolder(folder) == ["kept"])
      #expect(fileExists(folder + "/kept/file"))
      #expect(fileError { try removeTree(folder + "/tree") }?.kind == .notFound)
    }
  }
}
