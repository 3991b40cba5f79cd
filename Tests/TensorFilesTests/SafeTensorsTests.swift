import Files
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct SafeTensorsTests {
  /// Calls `body` with a file of a header and data bytes.
  func withFile(_ header: String, data: [UInt8], _ body: (String) throws -> Void) throws {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    try withTemporaryFolder { folder in
      try writeFile(folder + "/t.safetensors", length + Array(header.utf8) + data)
      try body(folder + "/t.safetensors")
    }
  }

  @Test func readsEveryFloatingPointType() throws {
    let header = """
      {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
      "b":{"dtype":"F16","shape":[4],"data_offsets":[8,16]},\
      "c":{"dtype":"BF16","shape":[2],"data_offsets":[16,20]},\
      "d":{"dtype":"F64","shape":[1],"data_offsets":[20,28]},\
      "e":{"dtype":"I64","shape":[1],"data_offsets":[28,36]}}
      """
    let one = withUnsafeBytes(of: Float(1.5).bitPattern) { Array($0) }
    let two = withUnsafeBytes(of: Float(-2).bitPattern) { Array($0) }
    // 1, the smallest subnormal, −infinity and 65504 as halves.
    let halves: [UInt8] = [0x00, 0x3C, 0x01, 0x00, 0x00, 0xFC, 0xFF, 0x7B]
    let brains: [UInt8] = [0x80, 0x3F, 0x49, 0xC0]  // 1 and −3.140625
    let double = withUnsafeBytes(of: (0.25).bitPattern) { Array($0) }
    let integer = withUnsafeBytes(of: Int64(-7)) { Array($0) }
    try withFile(header, data: one + two + halves + brains + double + integer) { path in
      let tensors = try SafeTensors(path)
      #expect(try tensors.tensor("a")?.numbers == [1.5, -2])
      #expect(try tensors.tensor("b")?.numbers == [1, 0x1p-24, -.infinity, 65504])
      #expect(try tensors.tensor("c")?.numbers == [1, -3.140625])
      #expect(try tensors.tensor("d")?.numbers == [0.25])
      #expect(tensors.integers("e") == [-7])
      #expect(try tensors.tensor("f") == nil)
      #expect(throws: FileError.self) { try tensors.tensor("e") }
    }
  }

  @Test(arguments: [
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":1}"#, #"[1]"#, #"{"__metadata__":{"a":1}}"#, "",
  ])
  func refuses(header: String) throws {
    try withFile(header, data: [0, 0, 0, 0, 0, 0, 0, 0]) { path in
      #expect(throws: FileError.self) { try SafeTensors(path) }
    }
  }

  @Test func refusesALengthBeyondTheFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/t.safetensors"
      try writeFile(path, [255, 255, 255, 255, 255, 255, 255, 255, 0x7B, 0x7D])
      #expect(throws: FileError.self) { try SafeTensors(path) }
      try writeFile(path, [0, 0, 0])
      #expect(throws: FileError.self) { try SafeTensors(path) }
    }
  }

  @Test func readsWhatItWrites() throws {
    let tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let archive = Archive(
      [
        ("x", .floats(tensor)), ("m", .bytes([1, 0, 1], shape: [1, 3])),
        ("ids", .integers([7, -1])),
      ],
      metadata: [("text", "naïve \"東京\"\n")])
    try withTemporaryFolder { folder in
      let path = folder + "/t.safetensors"
      let output = try OutputFile(path)
      try archive.writeSafeTensors { try output.write($0) }
      try output.commit()
      let read = try SafeTensors(path)
      let found = try read.tensor("x")
      #expect(found == tensor)
      #expect(read.integers("m") == [1, 0, 1])
      #expect(read.integers("ids") == [7, -1])
      #expect(read.metadata.first?.value == "naïve \"東京\"\n")
    }
  }
}
