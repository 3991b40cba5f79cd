/// Sets formulas: a small box model with the proportions of a textbook.
///
/// Extents are those of the letters' shapes (x-height, ascender, descender), not of the font, so
/// that bars and brackets sit close.
package struct FormulaLayout {
  private let color: Color
  private let measure: TextMeasure

  /// Creates a layout with one colour.
  package init(color: Color, measure: TextMeasure) {
    self.color = color
    self.measure = measure
  }

  /// Sets a formula at a size, in points.
  package func box(_ formula: Formula, size: Double) -> Box {
    switch formula {
    case .variable(let name): return glyphs(name, .variable, size)
    case .word(let word): return glyphs(word, .formula, size)
    case .sign(let sign): return signBox(sign, size)
    case .sub(let base, let index):
      return .row([box(base, size: size), script(index, size, raisedBy: -0.17)])
    case .sup(let base, let exponent):
      return .row([box(base, size: size), script(exponent, size, raisedBy: 0.36)])
    case .fraction(let top, let bottom): return fraction(top, bottom, size)
    case .root(let content): return root(box(content, size: size), size)
    case .parentheses(let content): return parentheses(box(content, size: size), size)
    case .row(let parts): return .row(parts.map { box($0, size: size) })
    }
  }

  private func glyphs(_ string: String, _ family: Font.Family, _ size: Double) -> Box {
    let font = Font(family, size: size)
    let text = Text(string, font: font, color: color, at: Point(0, 0))
    return Box(
      width: measure(string, font).width,
      ascent: size * (string.map(ascent).max() ?? 0),
      descent: size * (string.map(descent).max() ?? 0), marks: [.text(text)])
  }

  private func signBox(_ sign: String, _ size: Double) -> Box {
    let space = Box.space(size * (sign == "/" ? 0.1 : 0.2))
    return .row([space, glyphs(sign, .formula, size), space])
  }

  private func script(_ formula: Formula, _ size: Double, raisedBy shift: Double) -> Box {
    let small = max(0.7 * size, min(size, 5))
    return .row([.space(0.03 * size), box(formula, size: small).raised(by: shift * size)])
  }

  private func fraction(_ top: Formula, _ bottom: Formula, _ size: Double) -> Box {
    let (upper, lower) = (box(top, size: size), box(bottom, size: size))
    let (axis, thickness, gap, overhang) = (0.25 * size, 0.05 * size, 0.16 * size, 0.1 * size)
    let width = max(upper.width, lower.width) + 2 * overhang
    let rise = axis + thickness / 2 + gap + upper.descent
    let drop = lower.ascent + gap + thickness / 2 - axis
    let bar = Mark.line([Point(0, -axis), Point(width, -axis)], .init(color, width: thickness))
    return Box(
      width: width, ascent: rise + upper.ascent, descent: drop + lower.descent,
      marks: upper.marks(at: Point((width - upper.width) / 2, -rise))
        + lower.marks(at: Point((width - lower.width) / 2, drop)) + [bar])
  }

  /// A hook, a heavy downstroke, a rise and a bar past the content.
  private func root(_ content: Box, _ size: Double) -> Box {
    let thickness = 0.045 * size
    let top = -(content.ascent + 0.1 * size + thickness / 2)
    let foot = max(0.16 * size, content.descent)
    let (elbow, bottom) = (Point(0.155 * size, -0.33 * size), Point(0.285 * size, foot))
    let end = 0.54 * size + content.width + 0.06 * size
    let hook = [Point(0.035 * size, -0.26 * size), elbow]
    let rise = [bottom, Point(0.5 * size, top), Point(end, top)]
    let strokes: [Mark] = [
      .line(hook, .init(color, width: thickness)),
      .line([elbow, bottom], .init(color, width: 0.085 * size)),
      .line(rise, .init(color, width: thickness)),
    ]
    return Box(
      width: end, ascent: -top + thickness / 2, descent: max(content.descent, foot),
      marks: strokes + content.marks(at: Point(0.54 * size, 0)))
  }

  private func parentheses(_ content: Box, _ size: Double) -> Box {
    if content.ascent <= 0.95 * size && content.descent <= 0.3 * size {
      return .row([glyphs("(", .formula, size), content, glyphs(")", .formula, size)])
    }
    let (top, bottom) = (-content.ascent - 0.05 * size, content.descent + 0.05 * size)
    let width = 0.36 * size
    let left = Mark.path(Path(bulge(from: 0.9 * width, top, bottom, depth: -size), fill: color))
    let edge = width + content.width
    let right = Mark.path(
      Path(bulge(from: edge + 0.1 * width, top, bottom, depth: size), fill: color))
    return Box(
      width: edge + width, ascent: -top, descent: bottom,
      marks: [left] + content.marks(at: Point(width, 0)) + [right])
  }

  /// The area between two arcs, one a little flatter: a tall parenthesis.
  private func bulge(
    from x: Double, _ top: Double, _ bottom: Double, depth: Double
  ) -> [Path.Step] {
    let (outside, inside) = (x + depth * 0.36 * 1.05, x + depth * 0.36 * 0.78)
    let third = (bottom - top) / 3
    return [
      .move(Point(x, top)),
      .curve(Point(outside, top + third), Point(outside, bottom - third), Point(x, bottom)),
      .curve(Point(inside, bottom - third), Point(inside, top + third), Point(x, top)), .close,
    ]
  }

  private func ascent(_ character: Character) -> Double {
    switch character {
    case "(", ")", "/", "|": 0.7
    case "·", "=", "−", "+", "…", ",", ".", "~": 0.4
    case "t": 0.58
    case let letter where "acegmnopqrsuvwxyzαγεηικμνοπρστυχω∞".contains(letter): 0.46
    default: 0.69
    }
  }

  private func descent(_ character: Character) -> Double {
    switch character {
    case "(", ")", "/", "|": 0.18
    case let letter where "gjpqyfQβγζημξρφχψ,".contains(letter): 0.21
    default: 0.01
    }
  }
}
