internal import Files
public import Tensors

/// A checkpoint that `torch.save` wrote: `pytorch_model.bin`, a zip archive of a pickle and of the
/// numbers it refers to.
///
/// Nothing of it is ever run: see `PickleMachine`. The format from before PyTorch 1.6 is refused.
public struct TorchFile: TensorListing {
  /// The most bytes of the pickle; a model of a thousand tensors has a hundred thousand.
  private static let pickleLimit = 1 << 26

  /// The file.
  public let path: String
  /// The tensors in the order of the pickle.
  public let tensors: [StoredTensor]
  private let zip: Zip
  /// The folder of the archive, with its "/".
  private let folder: String
  private let boxes: [TorchTensor]
  private let storages: [TorchStorage]
  private let files: [ByteString: Zip.Entry]
  private let places: [ByteString: Int]

  /// Opens and checks a file.
  ///
  /// - Throws: `FileError` of kind `badData` that says what is broken or not accepted.
  public init(_ path: String) throws {
    self.path = path
    zip = try Self.archive(path)
    let (pickle, folder) = try Self.pickle(in: zip, path)
    self.folder = folder
    files = Dictionary(
      zip.entries.map { (ByteString($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    let bytes = try zip.read(pickle, limit: Self.pickleLimit)
    (tensors, boxes, storages) = try bytes.withUnsafeBytes { try Self.tensors($0, path) }
    var places: [ByteString: Int] = [:]
    for (place, tensor) in tensors.enumerated()
    where places.updateValue(place, forKey: ByteString(tensor.name)) != nil {
      throw FileError(.badData, path, "\(tensor.name.visible) is there twice")
    }
    self.places = places
    for place in boxes.indices { _ = try file(of: place) }
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { places[ByteString(name)] != nil }

  /// Reads a tensor of floating-point numbers; F32 in row-major order is mapped, not copied.
  ///
  /// - Returns: `nil` when there is no such tensor.
  /// - Throws: `FileError` when it holds something else, or when the archive's checksum says that it
  ///   is damaged.
  public func tensor(_ name: String) throws -> Tensor? {
    guard let place = places[ByteString(name)] else { return nil }
    let box = boxes[place]
    guard let type = ElementType(rawValue: tensors[place].type) else {
      throw FileError(
        .badData, path,
        "\(name.visible) is of type \(tensors[place].type); known for parameters: "
          + ElementType.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let bytes = try zip.stored(try file(of: place))
    guard box.count > 0, !box.isContiguous else {
      let size = storages[box.storage].size
      let part = bytes[box.offset * size..<(box.offset + box.count) * size]
      return type.tensor(
        UnsafeRawBufferPointer(rebasing: part), shape: box.shape, owner: zip.file)
    }
    let all = type.tensor(bytes, shape: [storages[box.storage].count], owner: zip.file)
    return Self.gather(box, from: all)
  }

  /// The rows of a matrix of halves or brain floats, as they are stored.
  ///
  /// - Returns: `nil` when there is no such tensor, or it is of another type or order.
  public func rows(_ name: String) throws -> PackedRows? {
    guard let place = places[ByteString(name)], boxes[place].shape.count == 2,
      boxes[place].isContiguous, let format = PackedFormat(rawValue: tensors[place].type)
    else { return nil }
    let box = boxes[place]
    let size = storages[box.storage].size
    let part = try zip.stored(try file(of: place))[
      box.offset * size..<(box.offset + box.count) * size]
    return PackedRows(
      UnsafeRawBufferPointer(rebasing: part), owner: zip.file, format: format, count: box.shape[0],
      width: box.shape[1])
  }

  /// The file of a tensor's storage, which has exactly the bytes of the storage.
  private func file(of place: Int) throws -> Zip.Entry {
    let storage = storages[boxes[place].storage]
    let name = folder + "data/" + storage.key
    guard let entry = files[ByteString(name)] else {
      throw FileError(
        .badData, path,
        "\(tensors[place].name.visible) needs \(name.visible), which is not in the archive")
    }
    guard entry.size == storage.count * storage.size else {
      throw FileError(
        .badData, path,
        "\(name.visible) has \(entry.size) bytes, its \(storage.count) numbers need "
          + "\(storage.count * storage.size)")
    }
    return entry
  }

  /// Copies a box whose elements are not in row-major order.
  private static func gather(_ box: TorchTensor, from storage: Tensor) -> Tensor {
    Tensor(shape: box.shape) { out in
      storage.withNumbers { numbers in
        var index = Array(repeating: 0, count: box.shape.count)
        var source = box.offset
        for position in out.indices {
          out[position] = numbers[source]
          for axis in index.indices.reversed() {
            index[axis] += 1
            source += box.strides[axis]
            if index[axis] < box.shape[axis] { break }
            source -= box.strides[axis] * box.shape[axis]
            index[axis] = 0
          }
        }
      }
    }
  }
}

// MARK: opening

extension TorchFile {
  private static func archive(_ path: String) throws -> Zip {
    let file = try MappedFile(path)
    if withExtendedLifetime(file, { file.bytes.prefix(2).elementsEqual([0x80, 2]) }) {
      throw FileError(
        .badData, path,
        "is in PyTorch's format from before 1.6 or a bare pickle, which is not read; load it "
          + "with PyTorch where you trust it and save it with save_pretrained")
    }
    return try Zip(path)
  }

  /// The pickle and the folder it stands in, with its "/".
  private static func pickle(
    in zip: Zip, _ path: String
  ) throws -> (entry: Zip.Entry, folder: String) {
    let pickles = zip.entries.filter {
      $0.name.hasSuffix("/data.pkl") && $0.name.utf8.count { $0 == UInt8(ascii: "/") } == 1
    }
    guard let entry = pickles.first, pickles.count == 1 else {
      throw FileError(
        .badData, path,
        "is not a file of PyTorch: it has \(pickles.count) entries \"…/data.pkl\", not one")
    }
    let folder = String(entry.name.dropLast("data.pkl".count))
    if let order = zip[folder + "byteorder"],
      try !zip.read(order, limit: 100).elementsEqual("little".utf8)
    {
      throw FileError(.badData, path, "was written on a big-endian machine, which is not read")
    }
    return (entry, folder)
  }

  private static func tensors(
    _ pickle: UnsafeRawBufferPointer, _ path: String
  ) throws -> ([StoredTensor], [TorchTensor], [TorchStorage]) {
    var machine = PickleMachine(pickle, path: path)
    let root = try machine.run()
    guard case .dictionary(let place) = root else {
      throw FileError(.badData, path, "its pickle is \(root.kind), not a dictionary of tensors")
    }
    var tensors: [StoredTensor] = []
    var boxes: [TorchTensor] = []
    for (key, value) in machine.pairs(place) {
      guard case .text(let name) = key else {
        throw FileError(.badData, path, "a key of its dictionary is \(key.kind), not a string")
      }
      guard case .tensor(let place) = value else {
        throw FileError(
          .badData, path,
          "\(name.visible) is \(value.kind), not a tensor; save only the model's state_dict")
      }
      let box = machine.tensors[place]
      boxes.append(box)
      tensors.append(
        StoredTensor(name: name, type: machine.storages[box.storage].type, shape: box.shape))
    }
    return (tensors, boxes, machine.storages)
  }
}
