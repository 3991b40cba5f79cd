import Files
import Tensors

/// The library of matrix products, checked against a product of our own.
enum NumberFindings {
  static var all: [Finding] {
    let difference = BLAS.selfCheckDifference
    let core = BLAS.coreType.map { ", kernels for \($0)" } ?? ""
    let details = [
      JSON.Member("library", .string(BLAS.library)),
      JSON.Member("core", BLAS.coreType.map(JSON.string) ?? .null),
      JSON.Member(
        "largest_difference", difference.isFinite ? .number(Double(difference)) : .null),
      JSON.Member("tolerance", .number(Double(BLAS.tolerance))),
      JSON.Member("trusted", .bool(BLAS.isTrusted)),
    ]
    let check = "largest difference to a naive product \(difference), \(BLAS.tolerance) allowed"
    let products =
      BLAS.isTrusted
      ? Finding("numbers", "products", .ok, "\(BLAS.library)\(core); \(check)", details)
      : Finding(
        "numbers", "products", .warning,
        "\(BLAS.library)\(core) computes wrongly here: \(check); a slow product is used instead",
        advice: "update OpenBLAS, or try OPENBLAS_CORETYPE=Haswell on an Intel or AMD processor",
        details)
    return [
      products,
      Finding(
        "numbers", "row kernels", .ok, Instructions.name,
        [JSON.Member("instructions", .string(Instructions.name))]),
    ]
  }
}
