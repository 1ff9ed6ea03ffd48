import Core
import Testing

@Suite("How amounts are written")
struct UnitsFormatTests {
  @Test("G-4: used in whole units rounded down, the allowance exactly")
  func summary() {
    let used = GenAIUnits(nano: 1_521_999_999_999)
    #expect(UnitsFormat.used(used, of: GenAIUnits(whole: 1_600)) == "1,521 / 1.6k")
    #expect(UnitsFormat.used(1_234_567 as TokenCount, of: 2_500_000) == "1,234,567 / 2.5M")
  }

  @Test(
    "G-4: k or M with as many decimals as make it exact",
    arguments: [
      (0, "0"), (1, "1"), (999, "999"), (1_000, "1k"), (1_001, "1.001k"), (1_600, "1.6k"), (12_000, "12k"),
      (999_999, "999.999k"), (1_000_000, "1M"), (1_250_000, "1.25M"), (2_500_000, "2.5M"), (10_000_001, "10.000001M"),
      (-1_600, "-1.6k"),
    ] as [(Int64, String)])
  func short(number: Int64, text: String) {
    #expect(UnitsFormat.short(TokenCount(number)) == text)
    #expect(UnitsFormat.short(GenAIUnits(whole: number)) == text)
  }

  @Test(
    "Fractions of units stay exact",
    arguments: [
      (500_000_000, "0.5", "0.5", "0.500000000"), (1, "0.000000001", "0.000000001", "0.000000001"),
      (1_234_500_000_000, "1.2345k", "1,234.5", "1234.500000000"), (0, "0", "0", "0.000000000"),
      (-35_810, "-0.00003581", "-0.00003581", "-0.000035810"),
      (.max, "9223.372036854775807M", "9,223,372,036.854775807", "9223372036.854775807"),
      (.min, "-9223.372036854775808M", "-9,223,372,036.854775808", "-9223372036.854775808"),
    ] as [(Int64, String, String, String)])
  func fractions(nano: Int64, short: String, full: String, nine: String) {
    #expect(UnitsFormat.short(GenAIUnits(nano: nano)) == short)
    #expect(UnitsFormat.full(GenAIUnits(nano: nano)) == full)
    #expect(UnitsFormat.nineDecimals(GenAIUnits(nano: nano)) == nine)
  }

  @Test(
    "G-4: per cent is rounded down, and 100 only when everything is used",
    arguments: [
      (0, 100, 0), (1, 100, 1), (999, 1_000, 99), (1_000, 1_000, 100), (1_200, 1_000, 100), (0, 0, 100), (-5, 10, 0),
      (.max - 1, .max, 99), (.max, .max, 100), (1, .max, 0),
    ] as [(Int64, Int64, Int)])
  func percent(used: Int64, allowed: Int64, percent: Int) {
    #expect(UnitsFormat.percent(GenAIUnits(nano: used), of: GenAIUnits(nano: allowed)) == percent)
    #expect(UnitsFormat.percent(TokenCount(used), of: TokenCount(allowed)) == percent)
  }

  @Test(
    "Rates read as in the table of C-6",
    arguments: [
      (35_810, "35.81"), (1_000, "1.00"), (0, "0.00"), (895_350, "895.35"), (1, "0.001"), (107_445, "107.445"),
    ]
      as [(Int64, String)])
  func rates(nano: Int64, text: String) {
    #expect(UnitsFormat.rate(nano) == text)
  }

  @Test("Amounts are read exactly, or not at all")
  func reading() {
    #expect(UnitsFormat.units("12")?.nano == 12_000_000_000)
    #expect(UnitsFormat.units("12.5")?.nano == 12_500_000_000)
    #expect(UnitsFormat.units("0.000000001")?.nano == 1)
    #expect(UnitsFormat.units("9223372036.854775807")?.nano == .max)
    let refused = [
      "", "-1", "1.", ".5", "1e3", " 1", "1,5", "٣", "0.0000000001", "9223372036.854775808", "1.2.3", "_1",
    ]
    for text in refused {
      #expect(UnitsFormat.units(text) == nil, "\(text)")
    }
  }

  @Test("What is written is read back: random amounts")
  func roundTrip() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(seed: seed)
    for _ in 0..<2_000 {
      let shift = Int64.random(in: 0..<63, using: &random)
      let units = GenAIUnits(nano: Int64.random(in: 0 ... .max, using: &random) >> shift)
      #expect(UnitsFormat.units(UnitsFormat.nineDecimals(units)) == units, "seed \(seed)")
    }
  }
}
