internal import Figures
internal import Files
internal import Tensors
internal import Transformers

extension WalkPlace {
  /// The page of the station.
  func content() throws -> StationContent {
    switch station.kind {
    case .text: text()
    case .tokens: tokens()
    case .embedding: try embedding()
    case .queries: try projection(.query)
    case .keys: try projection(.key)
    case .values: try projection(.value)
    case .scores: try scores()
    case .scaled: try scaled()
    case .masked: try masked()
    case .weights: try weights()
    case .mixed: try mixed()
    case .concatenated: try concatenated()
    case .projected: try projected()
    case .addAttention: try addAttention()
    case .feedForward: try feedForward()
    case .addFeedForward: try addFeedForward()
    case .finalNorm: try finalNorm()
    case .logits: try logits()
    case .distribution: try distribution()
    case .nextToken: try nextToken()
    }
  }

  /// A row of numbers for programs.
  static func json(_ values: [Double]) -> JSON { .array(values.map { JSON.number($0) }) }

  /// The norm's lines for a vector, dimension 0 printed.
  func lines(
    _ norm: LearnedNorm, _ name: String, of inner: String, _ values: [Double], _ result: [Double]
  ) -> [String] {
    NormLines(
      name, of: inner, values, result: result.first ?? 0, scale: Double(norm.scale.numbers[0]),
      shift: norm.shift.map { Double($0.numbers[0]) }, epsilon: Double(norm.epsilon),
      word: self.norm
    ).lines
  }
}
