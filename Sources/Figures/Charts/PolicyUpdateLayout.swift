/// Where everything in a figure of policy optimisation stands: ratios and the objective in the first
/// row, rewards over steps and the frontier in the second.
struct PolicyUpdateLayout {
  private let figure: PolicyUpdate
  private let style: Style
  private let width: Double

  init(_ figure: PolicyUpdate, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
  }

  private var isWide: Bool { width >= 400 }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 9
    let ratios = PolicyRatios(figure, in: style)
    let objective = PolicyObjective(figure, in: style)
    let rewards = PolicyRewards(figure, in: style)
    let frontier = PolicyFrontier(figure, in: style)
    if isWide {
      page.row([ratios.panel, objective.panel(isGood: true), objective.panel(isGood: false)])
      page.y += 14
      page.row([rewards.panel, frontier.panel(height: rewards.panel.height)], shares: [0.5, 0.5])
    } else {
      page.rows([ratios.panel], columns: 1)
      page.y += 14
      page.rows(
        [objective.panel(isGood: true), objective.panel(isGood: false)],
        columns: width >= 200 ? 2 : 1)
      page.y += 14
      page.rows([rewards.panel, frontier.panel(height: 132)], columns: 1)
    }
    page.y += 8
    return page.scene(
      declaring: ratios.declarations + objective.declarations + rewards.declarations
        + frontier.declarations)
  }
}
