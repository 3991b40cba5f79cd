internal import CKernels

/// The running means of a parameter's gradient and of its square (Kingma & Ba 2015, algorithm 1).
package final class AdamMoments: @unchecked Sendable {
  private let first: Storage
  private let second: Storage
  private let shape: [Int]

  /// Begins with 0.
  package init(shape: [Int]) {
    self.shape = shape
    let count = shape.reduce(1, *)
    (first, second) = (Storage(count: count), Storage(count: count))
    for storage in [first, second] { storage.start.update(repeating: 0, count: count) }
  }

  /// Takes up what was saved.
  ///
  /// - Precondition: Both have one shape.
  package convenience init(first: Tensor, second: Tensor) {
    precondition(first.shape == second.shape)
    self.init(shape: first.shape)
    for (storage, tensor) in [(self.first, first), (self.second, second)] {
      tensor.withNumbers { numbers in
        guard let start = numbers.baseAddress else { return }
        storage.start.update(from: start, count: numbers.count)
      }
    }
  }

  /// Copies of both.
  package var tensors: (first: Tensor, second: Tensor) {
    (copy(first), copy(second))
  }

  private func copy(_ storage: Storage) -> Tensor {
    Tensor(shape: shape) { out in
      out.baseAddress?.update(from: storage.start, count: storage.count)
    }
  }

  /// The numbers of one step.
  package struct Step: Sendable {
    /// The learning rate.
    package var rate: Float
    /// How much of a parameter goes a step, times the rate.
    package var decay: Float
    /// How much of each mean stays.
    package var decays: (first: Float, second: Float)
    /// What is added to the root of the second mean.
    package var epsilon: Float
    /// What the gradient is multiplied by.
    package var gradientScale: Float
    /// Which step it is, from 1.
    package var number: Int

    package init(
      rate: Float, decay: Float, decays: (first: Float, second: Float), epsilon: Float,
      gradientScale: Float, number: Int
    ) {
      self.rate = rate
      self.decay = decay
      self.decays = decays
      self.epsilon = epsilon
      self.gradientScale = gradientScale
      self.number = number
    }

    fileprivate var numbers: CAdamStep {
      let (first, second) = (1 - power(decays.first), 1 - power(decays.second))
      return CAdamStep(
        gradient_scale: gradientScale, first_decay: decays.first, second_decay: decays.second,
        second_correction: Float(1 / second.squareRoot()), epsilon: epsilon,
        keep: 1 - rate * decay, rate: Float(Double(rate) / first))
    }

    /// base^number.
    private func power(_ base: Float) -> Double {
      (0..<number).reduce(1) { product, _ in product * Double(base) }
    }
  }

  /// The parameter after a step: θ − rate (decay θ + m̂ / (√v̂ + ε)) (Loshchilov & Hutter 2019,
  /// algorithm 2).
  ///
  /// - Precondition: Parameter and gradient have the moments' shape.
  package func step(_ step: Step, _ parameter: Tensor, _ gradient: Tensor) -> Tensor {
    precondition(parameter.shape == shape && gradient.count == parameter.count)
    var numbers = step.numbers
    return Tensor(shape: shape) { out in
      parameter.withNumbers { parameter in
        gradient.withNumbers { gradient in
          ckernels().pointee.adam(
            &numbers, parameter.baseAddress, gradient.baseAddress, first.start, second.start,
            out.baseAddress, out.count)
        }
      }
    }
  }
}

extension Tensor {
  /// Σ x², in double precision.
  package var sumOfSquares: Double {
    withNumbers { numbers in
      var sums = SIMD8<Double>.zero
      let whole = numbers.count / 8 * 8
      for start in stride(from: 0, to: whole, by: 8) {
        var part = SIMD8<Float>()
        for lane in 0..<8 { part[lane] = numbers[start + lane] }
        let wide = SIMD8<Double>(part)
        sums += wide * wide
      }
      return numbers[whole...].reduce(sums.sum()) { $0 + Double($1) * Double($1) }
    }
  }
}
