import Files
import TestSupport
import Tensors
import Testing

@Suite struct ScratchFileTests {
  /// 3 × 700 × 11 numbers: heads begin anywhere in a page.
  static let tensor = Tensor((0..<3 * 700 * 11).map { Float($0) / 7 }, shape: [3, 700, 11])

  @Test func whatWasMovedIsTheSame() throws {
    try withTemporaryFolder { folder in
      let file = try #require(ScratchFile(in: folder))
      let other = Tensor([1, -.infinity, .leastNonzeroMagnitude], shape: [3])
      let moved = [Self.tensor, other, Self.tensor].map(file.moving)
      #expect(moved == [Self.tensor, other, Self.tensor])
      for head in 0..<3 {
        let slice = moved[2].slice(head)
        #expect(slice == Self.tensor.slice(head))
        #expect(slice.slice(699) == Self.tensor.slice(head).slice(699))
        #expect(slice.reshaped([11, 700]).numbers == Self.tensor.slice(head).numbers)
      }
    }
  }

  @Test func aSliceOutlivesItsTensorAndItsFile() throws {
    try withTemporaryFolder { folder in
      let slice = try #require(ScratchFile(in: folder)).moving(Self.tensor).slice(1)
      #expect(slice == Self.tensor.slice(1))
    }
  }

  @Test func aFolderThatIsNotThereMakesNoFile() {
    #expect(ScratchFile(in: "/nowhere/at/all") == nil)
  }

  @Test func nothingIsLeftInTheFolder() throws {
    try withTemporaryFolder { folder in
      let file = try #require(ScratchFile(in: folder))
      _ = file.moving(Self.tensor)
      #expect(try namesInFolder(folder).isEmpty)
    }
  }
}
