public import Files
public import TensorFiles

/// A model's family and shape, of which it can be put together from any parameters: those of a
/// file, or those that are being trained.
public struct Blueprint: Sendable {
  /// The shape.
  public let shape: Configuration
  private let family: Family

  /// Reads what a `config.json` says.
  ///
  /// - Throws: `FileError` for what is missing, wrong, or not understood.
  public init(_ config: JSON, path: String) throws {
    (family, shape) = try Model.configuration(config, path: path)
  }

  /// Reads the `config.json` of a folder.
  ///
  /// - Throws: `FileError` for what is missing, wrong, or not understood.
  public init(folder: String) throws {
    (family, shape) = try Model.configuration(InputFolder(folder))
  }

  /// The model; single-precision parameters are views of what the file gives.
  ///
  /// - Throws: `FileError` for parameters that are missing or of another shape.
  public func transformer(of parameters: any ParameterFile) throws -> Transformer {
    try Transformer(
      shape, from: Parameters(checkpoint: parameters, names: family.names, shape: shape))
  }

  /// What stands before the names of a whole model's parameters, those of its head excepted, as
  /// transformers writes them.
  public var prefix: String { family.names.prefixes.first ?? "" }
}
