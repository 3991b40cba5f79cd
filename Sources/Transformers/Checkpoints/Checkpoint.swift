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
  static func open(folder: String) throws -> any TensorListing {
    for (name, type) in readers where fileExists(folder + "/" + name) {
      return try type.init(folder + "/" + name)
    }
    for other in ["model.onnx", "tf_model.h5", "flax_model.msgpack"]
    where fileExists(folder + "/" + other) {
      throw FileError(
        .badData, folder + "/" + other,
        "not supported; save the model as model.safetensors with save_pretrained")
    }
    throw FileError(.notFound, folder + "/" + readers[0].name, "no such file")
  }
}
