import Files
import TestSupport
import Testing

@Suite struct OutputFolderTests {
  @Test func appearsWhole() throws {
    try withTemporaryFolder { folder in
      let output = try OutputFolder("result", in: folder + "/new")
      try writeFile(output.path + "/file", "x")
      #expect(!folderExists(folder + "/new/result"))
      try output.commit()
      #expect(try namesInFolder(folder + "/new") == ["result"])
      #expect(try namesInFolder(folder + "/new/result") == ["file"])
    }
  }

  @Test func leavesNothingWhenItIsNotCommitted() throws {
    try withTemporaryFolder { folder in
      do {
        let output = try OutputFolder("result", in: folder)
        try createFolder(output.path + "/deep")
        try writeFile(output.path + "/deep/file", "x")
      }
      #expect(try namesInFolder(folder).isEmpty)
    }
  }

  @Test func doesNotReplaceWhatIsThere() throws {
    try withTemporaryFolder { folder in
      try createFolder(folder + "/result")
      try writeFile(folder + "/result/old", "x")
      let error = fileError {
        let output = try OutputFolder("result", in: folder)
        try output.commit()
      }
      #expect(error?.kind == .cannotCreate)
      #expect(try namesInFolder(folder) == ["result"])
      #expect(fileExists(folder + "/result/old"))
    }
  }
}
