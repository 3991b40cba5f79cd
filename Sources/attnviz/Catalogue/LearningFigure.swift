import Explanations
import Figures
import Files
import Transformers

extension DrawnFigure {
  static let learning = DrawnFigure(
    name: Learning.name,
    summary:
      "losses of a training run, gradients with and without residuals, one head as it learns",
    options: ["--layer", "--head"], palettes: { _ in .sequential }, stack: .sole,
    source: .model { command, model, digest in
      guard !command.place.isMean else {
        throw UsageError("learning shows one head; leave --head mean out")
      }
      let (layer, head) = try command.place.resolved()
      let figure = try Learning(of: model, digest: digest, layer: layer, head: head)
      return (figure, figure.maps.map { [JSON.Member("place", .string($0.head))] } ?? [])
    })
}
