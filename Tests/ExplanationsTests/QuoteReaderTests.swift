import Explanations
import Tensors
import TestSupport
import Testing
import Transformers

/// Citations are read as they are written, and give the number that stands there.
@Suite struct QuoteReaderTests {
  static let text = "The cat sat."
  let run: Run

  init() throws {
    run = try Model(folder: Fixtures.folder + "/models/bert", name: "bert").run(Self.text)
  }

  @Test func findsAnElement() throws {
    let weights = try #require(run.trace[.weights, layer: 1])
    let citation = try #require(Quote.Citation("layers.1.attention.weights[2, 3, 0]"))
    #expect(citation.value(in: run.trace) == Double(weights.slice(2).slice(3).numbers[0]))
    #expect(citation.recording == Recording([.weights], layers: [1]))
  }

  @Test func findsWhatIsMadeOfSeveral() throws {
    let rows = try #require(run.trace[.residual, layer: 0]).slice(1).numbers.map(Double.init)
    let norm = try #require(Quote.Citation("norm(layers.0.residual[1,:])")?.value(in: run.trace))
    #expect(abs(norm * norm - rows.reduce(0) { $0 + $1 * $1 }) < 1e-9)
    let mean = try #require(Quote.Citation("mean(layers.0.residual[1, :])")?.value(in: run.trace))
    #expect(abs(mean * Double(rows.count) - rows.reduce(0, +)) < 1e-9)
    let largest = Quote.Citation("max(layers.0.residual[1, :])")?.value(in: run.trace)
    #expect(largest == rows.max())
    let q = try #require(run.trace[.query, layer: 0]).slice(1).slice(2).numbers
    let k = try #require(run.trace[.key, layer: 0]).slice(1).slice(0).numbers
    let dot = "dot(layers.0.attention.q[1, 2, :], layers.0.attention.k[1, 0, :])"
    let product = try #require(Quote.Citation(dot)?.value(in: run.trace))
    #expect(abs(product - zip(q, k).reduce(0) { $0 + Double($1.0) * Double($1.1) }) < 1e-9)
  }

  @Test(arguments: [
    Quote.Reduction.element, .mean, .max, .norm, .dot,
  ])
  func readsWhatQuotesWrite(reduction: Quote.Reduction) throws {
    let (q, k) = (
      Quote.Place(Site(.query, layer: 0), [1, 2, reduction == .element ? 3 : nil]),
      Quote.Place(Site(.key, layer: 0), [1, 0, nil])
    )
    let quote =
      reduction == .dot
      ? Quote(.dot, q, k, of: run.trace) : Quote(reduction, q, of: run.trace)
    let written = try #require(quote)
    let citation = try #require(Quote.Citation(written.description))
    #expect(citation.reduction == written.reduction && citation.places == written.places)
    #expect(citation.value(in: run.trace) == written.value)
  }

  @Test(arguments: [
    "", "[", "]", "layers.1.attention.weights", "layers.1.attention.weights[1, 2",
    "layers.1.attention.weight[1, 2, 3]", "layers.x.attention.weights[1, 2, 3]",
    "layers.1.attention.weights[1, -2, 3]", "layers.1.attention.weights[1, , 3]",
    "layers.1.attention.weights[1, :, 3]", "sum(layers.1.attention.weights[1, 2, :])",
    "dot(layers.0.residual[1, :])", "element(layers.0.residual[1, 1])",
    "mean(layers.0.residual[1, :]", "mean(layers.0.residual[1, :])x", "norm(a, b)",
    "layers.0.residual[1, 1]layers.0.residual[1, 1]", "layers.0.residual[99999999999999999999, 1]",
  ])
  func refusesWhatIsNone(text: String) {
    #expect(Quote.Citation(text) == nil)
  }

  @Test(arguments: [
    "layers.9.attention.weights[0, 0, 0]", "layers.0.residual[1]", "layers.0.residual[400, 0]",
    "next.probabilities[0, 1]",
  ])
  func findsNothingWhereNothingIs(text: String) throws {
    let citation = try #require(Quote.Citation(text))
    #expect(citation.value(in: run.trace) == nil)
  }
}
