import Files

extension ConfigurationReader {
  /// Reads how queries and keys are turned: the keys of transformers 4 (`rope_theta`,
  /// `rope_scaling`, `partial_rotary_factor`) or the one object of transformers 5
  /// (`rope_parameters`), which may have one for every type of layer.
  ///
  /// - Parameters:
  ///   - base: θ where nothing is said.
  ///   - fraction: Which part of a head is turned where nothing is said; `nil` where it is all of it
  ///     in every model.
  ///   - layerType: Whose object is meant, where there are several.
  mutating func rotary(
    headWidth: Int, base: Double, fraction: Double? = nil, maximumTokens: Int,
    layerType: String = "full_attention"
  ) throws -> Rotary {
    let theta = try positive("rope_theta", default: base)
    var part = fraction ?? 1
    if fraction != nil { part = try positive("partial_rotary_factor", default: part) }
    let length = try optionalInteger("original_max_position_embeddings", in: 2...100_000_000)
    guard var section = try ropeSection(layerType) else {
      return try rotary(headWidth, theta, part)
    }
    let own = try section.positive("rope_theta", default: theta)
    part = try section.positive("partial_rotary_factor", default: part)
    guard fraction != nil || part == 1 else {
      throw section.failure("partial_rotary_factor", .number(part), "1")
    }
    var rotary = try rotary(headWidth, own, part)
    rotary.scaling = try section.scaling(rotary, length: length, maximumTokens: maximumTokens)
    try section.finish(harmless: [])
    return rotary
  }

  /// Reads how layers with a window turn queries and keys in a family where they do so otherwise:
  /// with a base of their own under a key, or with an object of their own.
  mutating func nearRotary(
    headWidth: Int, key: String, base: Double, maximumTokens: Int
  ) throws -> Rotary {
    let own = try positive(key, default: base)
    guard value("rope_parameters") != nil else { return Rotary(width: headWidth, base: own) }
    return try rotary(
      headWidth: headWidth, base: own, maximumTokens: maximumTokens,
      layerType: "sliding_attention")
  }

  /// The object with the numbers of the scaling.
  private mutating func ropeSection(_ layerType: String) throws -> ConfigurationReader? {
    guard let section = try section("rope_parameters") else { return try section("rope_scaling") }
    try require("rope_scaling", .null)
    let types = ["full_attention", "sliding_attention"]
    guard types.contains(where: section.contains) else {
      guard layerType == types[0] else {
        throw failure(
          "rope_parameters", .string("of no type of layer"), types.joined(separator: ", "))
      }
      return section
    }
    var sections = section
    for type in types { _ = sections.value(type) }
    try sections.finish(harmless: [])
    return try sections.section(layerType)
  }

  private func rotary(_ headWidth: Int, _ base: Double, _ part: Double) throws -> Rotary {
    let width = Int(Double(headWidth) * min(part, 1))
    guard width % 2 == 0, width > 0, part <= 1 else {
      throw FileError(
        .badData, path,
        "\(part) of a head of \(headWidth) dimensions cannot be turned: an even number is needed")
    }
    return Rotary(width: width, base: base)
  }

  /// Reads what becomes of the frequencies; the reader is in the object that says it.
  private mutating func scaling(
    _ rotary: Rotary, length given: Int?, maximumTokens: Int
  ) throws -> Rotary.Scaling {
    let kinds: [(word: String, choice: String)] =
      ["default", "linear", "dynamic", "llama3", "yarn", "longrope"].map { ($0, $0) }
      + [("su", "longrope")]
    let old = try choice("type", default: "default", among: kinds)
    let kind = try choice("rope_type", default: old, among: kinds)
    switch kind {
    case "linear": return .linear(try needed("factor"))
    case "dynamic":
      guard rotary.width > 2 else {
        throw failure("rope_type", "dynamic", "linear for 2 dimensions")
      }
      return .dynamic(factor: try needed("factor"), length: maximumTokens)
    case "llama3":
      let (low, high) = (try needed("low_freq_factor"), try needed("high_freq_factor"))
      guard low < high else {
        throw failure("low_freq_factor", .number(low), "a number below \"high_freq_factor\"")
      }
      return .llama3(
        factor: try needed("factor"), low: low, high: high,
        length: try length(given, maximumTokens))
    case "yarn": return .yarn(try yarn(length: length(given, maximumTokens), maximumTokens))
    case "longrope":
      return try long(pairs: rotary.width / 2, length: length(given, maximumTokens), maximumTokens)
    default: return .none
    }
  }

  private mutating func length(_ given: Int?, _ maximumTokens: Int) throws -> Int {
    let own = try integer(
      "original_max_position_embeddings", default: max(2, maximumTokens), in: 2...100_000_000)
    return given ?? own
  }

  private mutating func needed(_ key: String) throws -> Double {
    guard let number = try optionalPositive(key) else {
      throw failure(key, .null, "a number above 0")
    }
    return number
  }

  private mutating func yarn(length: Int, _ maximumTokens: Int) throws -> Rotary.YaRN {
    let factor = try positive("factor", default: Double(maximumTokens) / Double(length))
    let own = try optionalPositive("attention_factor")
    let (scale, whole) = (try optionalPositive("mscale"), try optionalPositive("mscale_all_dim"))
    var factors = Rotary.YaRN.attentionFactor(factor)
    if let scale, let whole {
      factors =
        Rotary.YaRN.attentionFactor(factor, scale: scale)
        / Rotary.YaRN.attentionFactor(factor, scale: whole)
    }
    return Rotary.YaRN(
      factor: factor, length: length, fast: try positive("beta_fast", default: 32),
      slow: try positive("beta_slow", default: 1),
      isTruncated: try flag("truncate", default: true), attentionFactor: own ?? factors)
  }

  private mutating func long(
    pairs: Int, length: Int, _ maximumTokens: Int
  ) throws -> Rotary.Scaling {
    let factor = try positive("factor", default: Double(maximumTokens) / Double(length))
    let own = try optionalPositive("attention_factor")
    return .long(
      short: try positives("short_factor", count: pairs),
      long: try positives("long_factor", count: pairs), length: length,
      factor: own ?? Rotary.longFactor(factor, length: length))
  }
}
