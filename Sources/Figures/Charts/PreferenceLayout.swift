/// Where everything in a figure of preferences stands: pairs, margins and calibration beside each
/// other, under them what the score goes with and the strengths of policies.
struct PreferenceLayout {
  private let figure: Preference
  private let style: Style
  private let width: Double

  init(_ figure: Preference, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
  }

  private var columns: Int { width >= 400 ? 3 : 1 }

  /// The height of the plots: those of one column are no wider than they are high for nothing.
  private var height: Double {
    columns > 1 ? (width - 2 * Page.panelGap) / 3 - 27 : min(width - 27, 132)
  }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 9
    let pairs = PreferencePairs(figure.pairs, in: style)
    let bins = PreferenceBins(figure.bins, in: style)
    let plots = [pairs.scatter(height), pairs.margins(height), bins.panel(height)]
    page.rows(plots, columns: columns)
    page.y += 16
    let links = PreferenceLinks(figure.links, in: style)
    let policies = PreferencePolicies(figure.policies, in: style)
    let below = (figure.links.isEmpty ? [] : [links.panel]) + (policies.panel.map { [$0] } ?? [])
    if columns > 1, below.count > 1 {
      page.row(below, shares: [0.4, 0.6])
    } else {
      page.rows(below, columns: 1)
    }
    page.y += 8
    return page.scene(declaring: pairs.declarations + bins.declarations + policies.declarations)
  }
}
