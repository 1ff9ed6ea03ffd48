import COpenBLAS
import Foundation

/// Single-precision linear algebra on OpenBLAS, one thread a call; all matrices row by row.
enum LinearAlgebra {
  /// Makes OpenBLAS work on the calling thread alone and use the vector instructions that the processor has. Call it
  /// once before the first product. Decision 21: calls run side by side on the offline models' own threads instead.
  static func prepare() {
    prepared
  }

  private static let prepared: Void = {
    chooseKernels()
    openblas_set_num_threads(1)
  }()

  /// `result = scale * a * transpose(b) + keep * result`, where `a` is `rows` x `inner` and `b` is `columns` x `inner`;
  /// the strides are the distances of their rows.
  static func multiplyTransposed(
    rows: Int, columns: Int, inner: Int, scale: Float = 1, _ a: UnsafePointer<Float>, stride aStride: Int,
    _ b: UnsafePointer<Float>, stride bStride: Int, keep: Float, _ result: UnsafeMutablePointer<Float>,
    stride resultStride: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns), blasint(inner), scale, a,
      blasint(aStride), b, blasint(bStride), keep, result, blasint(resultStride))
  }

  /// `result = a * b`, where `a` is `rows` x `inner` and `b` is `inner` x `columns`.
  static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, stride aStride: Int, _ b: UnsafePointer<Float>,
    stride bStride: Int, _ result: UnsafeMutablePointer<Float>, stride resultStride: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1, a,
      blasint(aStride), b, blasint(bStride), 0, result, blasint(resultStride))
  }

  static func dot(_ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Float {
    cblas_sdot(blasint(count), a, 1, b, 1)
  }

  /// `y = factor * x + y`.
  static func add(_ count: Int, _ factor: Float, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
    cblas_saxpy(blasint(count), factor, x, 1, y, 1)
  }

  static func scale(_ count: Int, _ factor: Float, _ x: UnsafeMutablePointer<Float>) {
    cblas_sscal(blasint(count), factor, x, 1)
  }

  /// Sum of the absolute values.
  static func sumOfMagnitudes(_ count: Int, _ x: UnsafePointer<Float>) -> Float {
    cblas_sasum(blasint(count), x, 1)
  }
}

// MARK: - Kernels

extension LinearAlgebra {
  private static let kernelVariable = "OPENBLAS_CORETYPE"

  /// OpenBLAS picks its kernels by the processor's model number when it is loaded, and the release of Debian 12 takes
  /// processors younger than itself for one without AVX: 2 to 3 times slower. Where it fell back to such kernels
  /// although the processor can do more, it is made to choose again, with the advice that its own variable gives.
  /// Somebody who set that variable keeps their choice; a build without a choice of kernels is left alone.
  private static func chooseKernels() {
    guard getenv(kernelVariable) == nil, let chosen = openblas_get_corename().map({ String(cString: $0) }),
      genericKernels.contains(chosen.lowercased()), let better = bestKernels(),
      let handle = dlopen(nil, RTLD_NOW), let quit = dlsym(handle, "gotoblas_dynamic_quit"),
      let begin = dlsym(handle, "gotoblas_dynamic_init")
    else { return }
    typealias Function = @convention(c) () -> Void
    setenv(kernelVariable, better, 1)
    unsafeBitCast(quit, to: Function.self)()
    unsafeBitCast(begin, to: Function.self)()
    unsetenv(kernelVariable)
  }

  /// Those that use nothing younger than SSE.
  private static let genericKernels: Set<String> = ["prescott", "katmai", "coppermine", "northwood", "banias", "core2"]

  /// Name of the fastest kernels whose instructions this processor has.
  private static func bestKernels() -> String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return nil }
    let flags = Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" }))
    if flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd", "fma"]) { return "SkylakeX" }
    if flags.isSuperset(of: ["avx2", "fma"]) { return "Haswell" }
    return nil
  }

  /// Name of the kernels in use, for reports.
  static var kernels: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }
}
