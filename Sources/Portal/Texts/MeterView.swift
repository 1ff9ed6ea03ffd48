import Core
import Platform

/// A quota with what is used of it. Rule G-4.
struct MeterView: Sendable {
  let label: String
  /// `1,521 / 1.6k`.
  let text: String
  /// The two halves of `text`, which a page may show in different sizes.
  let used: String
  let allowed: String
  /// The full figures.
  let title: String
  let percent: Int
  let running: String?
  /// Markup of ours.
  let svg: String

  init(_ measure: ConsumptionMeasure) {
    label = measure.label
    text = measure.text
    let halves = measure.text.split(separator: "/", maxSplits: 1).map { String($0) }
    used = halves.first.map { String($0.filter { $0 != " " }) } ?? measure.text
    allowed = halves.count > 1 ? String(halves[1].drop { $0 == " " }) : ""
    title = measure.title
    percent = measure.percent
    running = measure.runningText
    svg = MeterBar(used: measure.used, held: measure.running, of: measure.allowed).svg()
  }
}
