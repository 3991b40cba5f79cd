internal import Files
internal import TensorFiles
internal import Tensors

/// Parameters in memory, each the start of a derivative: a model that is put together from them can
/// be trained, and its gradients go by the names of the checkpoint.
struct TrackedParameters: ParameterFile {
  let path: String
  let tensors: [String: Tensor]

  init(_ parameters: [String: Tensor], path: String) {
    // BART's last bias is not learnt.
    let still = "final_logits_bias"
    tensors = Dictionary(
      uniqueKeysWithValues: parameters.map { ($0, $0 == still ? $1 : $1.tracked) })
    self.path = path
  }

  func contains(_ name: String) -> Bool { tensors[name] != nil }

  func tensor(_ name: String) -> Tensor? { tensors[name] }

  /// There is no other way than `tensor`: nothing is packed.
  func rows(_ name: String) -> PackedRows? { nil }
}

/// Parameters in memory that nobody follows.
struct StoredParameters: ParameterFile {
  let path = "the model in training"
  let tensors: [String: Tensor]

  func contains(_ name: String) -> Bool { tensors[name] != nil }

  func tensor(_ name: String) -> Tensor? { tensors[name] }

  /// There is no other way than `tensor`.
  func rows(_ name: String) -> PackedRows? { nil }
}
