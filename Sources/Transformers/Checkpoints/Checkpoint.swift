internal import Files
internal import TensorFiles

/// The files that may hold a folder's parameters.
enum Checkpoint {
  /// The names in the order in which they are tried.
  private static let readers: [(name: String, type: any TensorListing.Type)] = [
    ("model.safetensors", SafeTensors.self),
    ("model.safetensors.index.json", Shards<SafeTensors>.self),
    ("pytorch_model.bin", TorchFile.self),
    ("pytorch_model.bin.index.json", Shards<TorchFile>.self),
  ]

  /// Opens the parameters of a folder.
  ///
  /// - Throws: `FileError` of kind `notFound` when there are none, of kind `badData` when they are
  ///   broken or in a format that is not read.
  static func open(_ folder: InputFolder) throws -> any TensorListing {
    if folder.contains(readers[0].name) { return try SafeTensors(folder.map(readers[0].name)) }
    for (name, type) in readers where folder.contains(name) {
      return try type.init(folder.path(of: name))
    }
    for other in ["model.onnx", "tf_model.h5", "flax_model.msgpack"]
    where folder.contains(other) {
      throw FileError(
        .badData, folder.path(of: other),
        "not supported; save the model as model.safetensors with save_pretrained")
    }
    throw FileError(.notFound, folder.path(of: readers[0].name), "no such file")
  }
}
