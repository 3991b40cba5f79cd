#if canImport(Accelerate)
  internal import Accelerate
#else
  internal import CBLAS
#endif

/// The matrix product of the platform's BLAS, one thread a call: callers cut the work up.
public enum BLAS {
  /// Whether the library's results agree with a naive product.
  ///
  /// Some builds of OpenBLAS compute wrongly on processors that are newer than they are; then a
  /// slow product of our own is used instead.
  public static let isTrusted = selfCheckDifference < tolerance

  /// The largest difference between the library's products and naive ones, on small matrices of every
  /// layout.
  public static let selfCheckDifference: Float = {
    endLibraryThreads()
    return selfCheckError(multiply: libraryProduct)
  }()

  /// The largest difference of a library that is trusted.
  public static let tolerance: Float = 1e-5

  /// The library and how it was built, in its own words.
  public static var library: String {
    #if canImport(Accelerate)
      "Accelerate"
    #else
      String(cString: openblas_get_config())
    #endif
  }

  /// The kind of processor whose kernels the library runs; `nil` where it does not say.
  public static var coreType: String? {
    #if canImport(Accelerate)
      nil
    #else
      openblas_get_corename().map { String(cString: $0) }
    #endif
  }

  /// Ends the threads that OpenBLAS starts when it is loaded: every call here is made from a thread
  /// of ours, and theirs spin for a tenth of a second before they sleep. Call it first of all.
  public static func endLibraryThreads() {
    #if !canImport(Accelerate)
      openblas_set_num_threads(1)
      cblas_end_threads()
    #endif
  }

  /// What computes the products, for people.
  public static var description: String {
    isTrusted ? library : "built-in (\(library) computes wrongly on this processor)"
  }

  /// A matrix in memory: where it starts, how far apart its rows are, whether it is read
  /// transposed.
  struct Operand {
    var start: UnsafePointer<Float>
    var stride: Int
    var isTransposed = false
  }

  /// out [m, n] = scale · a [m, k] · b [k, n] + keep · out.
  static func multiply(
    _ a: Operand, _ b: Operand, into out: UnsafeMutablePointer<Float>, stride: Int,
    m: Int, n: Int, k: Int, scale: Float = 1, keep: Float = 0
  ) {
    guard m > 0, n > 0 else { return }
    let product = isTrusted ? libraryProduct : naive
    product(a, b, out, stride, (m, n, k), scale, keep)
  }

  private typealias Product = (
    Operand, Operand, UnsafeMutablePointer<Float>, Int, (m: Int, n: Int, k: Int), Float, Float
  ) -> Void

  private static func libraryProduct(
    _ a: Operand, _ b: Operand, _ out: UnsafeMutablePointer<Float>, _ stride: Int,
    _ size: (m: Int, n: Int, k: Int), _ scale: Float, _ keep: Float
  ) {
    if size.m == 1, !a.isTransposed {
      // One row: sgemm is four to six times slower than sgemv.
      let rows = b.isTransposed ? size.n : size.k
      let columns = b.isTransposed ? size.k : size.n
      cblas_sgemv(
        CblasRowMajor, b.isTransposed ? CblasNoTrans : CblasTrans, numericCast(rows),
        numericCast(columns), scale, b.start, numericCast(b.stride), a.start, 1, keep, out, 1)
      return
    }
    cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans,
      b.isTransposed ? CblasTrans : CblasNoTrans, numericCast(size.m), numericCast(size.n),
      numericCast(size.k), scale, a.start, numericCast(a.stride), b.start,
      numericCast(b.stride), keep, out, numericCast(stride))
  }

  private static func naive(
    _ a: Operand, _ b: Operand, _ out: UnsafeMutablePointer<Float>, _ stride: Int,
    _ size: (m: Int, n: Int, k: Int), _ scale: Float, _ keep: Float
  ) {
    for i in 0..<size.m {
      for j in 0..<size.n {
        var sum: Float = 0
        for l in 0..<size.k {
          let left = a.isTransposed ? a.start[l * a.stride + i] : a.start[i * a.stride + l]
          let right = b.isTransposed ? b.start[j * b.stride + l] : b.start[l * b.stride + j]
          sum += left * right
        }
        let old = keep == 0 ? 0 : keep * out[i * stride + j]
        out[i * stride + j] = scale * sum + old
      }
    }
  }

  /// The largest difference between `multiply` and the naive product on small matrices of every
  /// layout, odd sizes included.
  private static func selfCheckError(multiply: Product) -> Float {
    var worst: Float = 0
    for (m, n, k) in [(1, 19, 37), (5, 33, 70), (17, 64, 48)] {
      let a = (0..<m * k).map { Float(($0 * 37 + 11) % 29 - 14) / 16 }
      let b = (0..<k * n).map { Float(($0 * 53 + 7) % 31 - 15) / 16 }
      for isTransposed in [false, true] {
        let expected = [Float](unsafeUninitializedCapacity: m * n) { out, count in
          run(naive, a, b, isTransposed, out, (m, n, k))
          count = m * n
        }
        let found = [Float](unsafeUninitializedCapacity: m * n) { out, count in
          run(multiply, a, b, isTransposed, out, (m, n, k))
          count = m * n
        }
        worst = zip(expected, found).reduce(worst) { max($0, abs($1.0 - $1.1)) }
        if found.contains(where: \.isNaN) { return .infinity }
      }
    }
    return worst
  }

  private static func run(
    _ product: Product, _ a: [Float], _ b: [Float], _ isTransposed: Bool,
    _ out: UnsafeMutableBufferPointer<Float>, _ size: (m: Int, n: Int, k: Int)
  ) {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let left = a.baseAddress, let right = b.baseAddress, let out = out.baseAddress
        else { return }
        product(
          Operand(start: left, stride: size.k),
          Operand(
            start: right, stride: isTransposed ? size.k : size.n, isTransposed: isTransposed),
          out, size.n, size, 1, 0)
      }
    }
  }
}
