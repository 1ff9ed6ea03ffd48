/// The loops of the encoder that OpenBLAS has no routine for.
///
/// Written with plain pointers and counters, without calls or branches in the innermost loops: the compiler turns them
/// into vector instructions, and a debug build stays bearable.
enum Kernels {
  /// `into = a + b + c`.
  static func sum(
    _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    into: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      into[index] = a[index] + b[index] + c[index]
      index &+= 1
    }
  }

  /// Makes every row a copy of `bias`.
  static func fill(
    _ rows: Int, _ columns: Int, _ bias: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      (into + row &* columns).update(from: bias, count: columns)
      row &+= 1
    }
  }

  /// Adds `bias` to every row.
  static func addBias(
    _ rows: Int, _ columns: Int, _ bias: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      LinearAlgebra.add(columns, 1, bias, to: target + row &* columns)
      row &+= 1
    }
  }

  private static let normEpsilon: Float = 1e-12

  /// Layer normalisation of every row; `from` may be `into`.
  static func layerNorm(
    rows: Int, columns: Int, _ from: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    into: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      let input = from + row &* columns
      let output = into + row &* columns
      let mean = sum(columns, input) / Float(columns)
      var index = 0
      while index < columns {
        output[index] = input[index] - mean
        index &+= 1
      }
      let variance = LinearAlgebra.dot(columns, output, output) / Float(columns)
      let scale = 1 / (variance + normEpsilon).squareRoot()
      index = 0
      while index < columns {
        output[index] = output[index] * scale * weight[index] + bias[index]
        index &+= 1
      }
      row &+= 1
    }
  }

  /// Sum in four strands; `count` is a multiple of 4.
  private static func sum(_ count: Int, _ x: UnsafePointer<Float>) -> Float {
    var (a, b, c, d): (Float, Float, Float, Float) = (0, 0, 0, 0)
    var index = 0
    while index < count {
      a += x[index]
      b += x[index &+ 1]
      c += x[index &+ 2]
      d += x[index &+ 3]
      index &+= 4
    }
    return (a + b) + (c + d)
  }

  /// Turns every row into weights that sum up to 1.
  static func softmax(rows: Int, columns: Int, _ x: UnsafeMutablePointer<Float>) {
    var row = 0
    while row < rows {
      let values = x + row &* columns
      var largest = values[0]
      var index = 1
      while index < columns {
        let value = values[index]
        largest = value > largest ? value : largest
        index &+= 1
      }
      index = 0
      while index < columns {
        values[index] = exponential(values[index] - largest)
        index &+= 1
      }
      LinearAlgebra.scale(columns, 1 / LinearAlgebra.sumOfMagnitudes(columns, values), values)
      row &+= 1
    }
  }

  /// `x * Phi(x)` with the exact normal distribution, as the reference computes it: not the approximation by tanh.
  ///
  /// The error function is Abramowitz and Stegun 7.1.26, whose error stays below 1.5e-7: less than a float's own.
  static func gelu(_ count: Int, _ x: UnsafeMutablePointer<Float>) {
    var index = 0
    while index < count {
      let value = x[index]
      let magnitude = Float(bitPattern: value.bitPattern & 0x7FFF_FFFF)
      let z = magnitude * 0.707_106_781
      let t = 1 / (1 + 0.327_591_1 * z)
      let high = (1.061_405_429 * t - 1.453_152_027) * t + 1.421_413_741
      let low = (high * t - 0.284_496_736) * t + 0.254_829_592
      let errorFunction = 1 - low * t * exponential(-z * z)
      x[index] = 0.5 * (value + magnitude * errorFunction)
      index &+= 1
    }
  }

  /// `e` to the power `x` for `x <= 0`, relative error about 2e-7; below -87 as at -87.
  @inline(__always)
  private static func exponential(_ x: Float) -> Float {
    let clamped = x > -87 ? x : -87
    // Adding 1.5 * 2^23 leaves the nearest whole number in the low bits.
    let rounder: Float = 12_582_912
    let shifted = clamped * 1.442_695_04 + rounder
    let whole = shifted - rounder
    let rest = (clamped - whole * 0.693_359_375) + whole * 2.121_944_4e-4
    let high = (rest * 1.388_888_9e-3 + 8.333_333_3e-3) * rest + 4.166_666_7e-2
    let low = ((high * rest + 0.166_666_67) * rest + 0.5) * rest + 1
    let power = (shifted.bitPattern &- rounder.bitPattern &+ 127) &<< 23
    return (low * rest + 1) * Float(bitPattern: power)
  }
}
