import Drawing
import Files
import Glibc
import TensorFiles
import Tensors
import Tokenization

/// What is fed with bytes; `ATTNVIZ_FUZZ` names one.
///
/// A target may refuse its input with an error. Anything else, a trap, a memory error, too much time
/// or too much memory, is a fault of ours.
private let targets: [String: @Sendable ([UInt8]) throws -> Void] = [
  "json": { bytes in
    let json = try JSON(parsing: bytes, path: "input")
    let again = try JSON(parsing: Array(json.text().utf8), path: "input")
    precondition(json.text() == again.text(), "JSON changes when it is written and read")
  },
  "safetensors": { try read(SafeTensors(try file($0))) },
  "index": { bytes in _ = try Shards<SafeTensors>(try file(bytes)) },
  "gguf": { bytes in
    let file = try GGUF(try file(bytes))
    for entry in file.entries.prefix(20) {
      _ = try? file.tensor(entry.name)
      _ = try? file.rows(entry.name)
    }
  },
  "zip": { bytes in
    let zip = try Zip(try file(bytes))
    for entry in zip.entries.prefix(20) { _ = try? zip.read(entry, limit: 1 << 24) }
  },
  "pickle": { bytes in
    let zeros = [UInt8](repeating: 0, count: 96)
    let entries = [("a/data.pkl", bytes)] + (0..<4).map { ("a/data/\($0)", zeros) }
    try read(TorchFile(try file(storedZip(entries))))
  },
  "npy": { bytes in
    let array = try NPZFile(try file(storedZip([("a.npy", bytes)])))
    _ = try? array.tensor("a")
    _ = try array.integers("a")
    _ = try array.strings("a")
  },
  "npz": { bytes in
    let archive = try NPZFile(try file(bytes))
    for array in archive.tensors.prefix(20) where array.shape.reduce(1, *) < 1 << 22 {
      _ = try? archive.tensor(array.name)
      _ = try? archive.integers(array.name)
      _ = try? archive.strings(array.name)
    }
  },
  "sentencepiece": { bytes in
    _ = try file(bytes, name: "tokenizer.model")
    try use(Tokenizer.load(folder: folder))
  },
  "tokenizer": { bytes in
    try use(Tokenizer(json: JSON(parsing: bytes, path: "input"), path: "input"))
  },
  "provenance": { bytes in _ = try provenance(inFile: bytes) },
]

private let target: @Sendable ([UInt8]) throws -> Void = {
  let name = environment("ATTNVIZ_FUZZ") ?? ""
  guard let target = targets[name] else {
    print("ATTNVIZ_FUZZ must be one of: \(targets.keys.sorted().joined(separator: " "))")
    exit(64)
  }
  return target
}()

/// Feeds the target; libFuzzer calls this.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  do {
    try target(Array(UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    precondition(!"\(error)".utf8.contains { $0 < 0x20 }, "a message with control characters")
  }
  return 0
}

private func read(_ file: some TensorListing) throws {
  for tensor in file.tensors.prefix(20) {
    _ = try? file.tensor(tensor.name)
    _ = try? file.rows(tensor.name)
  }
}

private func use(_ tokenizer: Tokenizer) throws {
  let text = "The cat, don't  sät 東京 e\u{301} 👍🏽 <s> 12345"
  let encoding = try tokenizer.encode(text, pair: "b")
  _ = tokenizer.decode(encoding.ids)
}

// MARK: files

/// A folder in memory for the inputs of readers that map files.
private let folder: String = {
  let path = "/dev/shm/attnviz-fuzz-\(getpid())"
  mkdir(path, 0o700)
  atexit {
    for name in ["input", "tokenizer.model"] { unlink("/dev/shm/attnviz-fuzz-\(getpid())/" + name) }
    rmdir("/dev/shm/attnviz-fuzz-\(getpid())")
  }
  return path
}()

private func file(_ bytes: [UInt8], name: String = "input") throws -> String {
  let path = folder + "/" + name
  let number = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  precondition(number >= 0 && write(number, bytes, bytes.count) == bytes.count)
  close(number)
  return path
}

/// A zip archive of stored files, right in every respect, so that what is inside gets read.
private func storedZip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, bytes) in files {
    let size = little(UInt32(bytes.count))
    let fields =
      [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + little(checksum(bytes)) + size + size
      + little(UInt16(name.utf8.count)) + [0, 0]
    directory += little(UInt32(0x0201_4B50)) + [20, 0] + fields
    directory += [UInt8](repeating: 0, count: 10) + little(UInt32(archive.count)) + name.utf8
    archive += little(UInt32(0x0403_4B50)) + fields + name.utf8 + bytes
  }
  let count = little(UInt16(files.count))
  return archive + directory + little(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + count + count
    + little(UInt32(directory.count)) + little(UInt32(archive.count)) + [0, 0]
}

private func checksum(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
      value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
    }
  }
}
