import Core

extension UsageEntry {
  /// The columns of `usage_entries`, in the order of ``parameters``.
  static let columns = [
    "request_id", "company_id", "resource_id", "payer", "model", "rate_input", "rate_output", "rate_cache_write",
    "rate_cache_read", "region", "served_region", "dialect", "admitted_at", "bundle_month_start", "local_day",
    "counted_input", "input_tokens", "cache_write_tokens", "cache_read_tokens", "output_tokens", "nano_units",
    "finished_at", "time_to_first_token", "status", "attempts", "is_estimated",
  ]

  var parameters: [SQLValue] {
    [
      SQLValue(call.requestID), SQLValue(call.companyID), SQLValue(call.resourceID), SQLValue(call.payer.text),
      SQLValue(call.model), SQLValue(call.rates.input), SQLValue(call.rates.output),
      SQLValue(call.rates.cacheWrite), SQLValue(call.rates.cacheRead), SQLValue(call.region),
      SQLValue(servedRegion), SQLValue(call.dialect.rawValue), SQLValue(call.admittedAt),
      SQLValue(call.bundleMonthStart), SQLValue(call.localDay), SQLValue(call.countedInput),
      SQLValue(usage.input), SQLValue(usage.cacheWrite), SQLValue(usage.cacheRead), SQLValue(usage.output),
      SQLValue(units), SQLValue(finishedAt), SQLValue(timeToFirstToken), SQLValue(status.rawValue),
      SQLValue(attempts), SQLValue(isEstimated),
    ]
  }

  init(row: SQLRow) throws {
    guard let payer = Payer(text: try row.text("payer")) else { throw row.unreadable("payer") }
    let call = AdmittedCall(
      requestID: try row.id("request_id"), companyID: try row.id("company_id"), resourceID: try row.id("resource_id"),
      payer: payer, model: try row.id("model"),
      rates: ExchangeRates(
        input: try row.int64("rate_input"), output: try row.int64("rate_output"),
        cacheWrite: try row.int64("rate_cache_write"), cacheRead: try row.int64("rate_cache_read")),
      region: try row.id("region"), dialect: try row.label("dialect"), admittedAt: try row.instant("admitted_at"),
      bundleMonthStart: try row.instant("bundle_month_start"), localDay: try row.day("local_day"),
      countedInput: try row.tokens("counted_input"))
    self.init(
      call: call, servedRegion: try row.id("served_region"), usage: try TokenUsage(row: row),
      finishedAt: try row.instant("finished_at"), timeToFirstToken: try row.optionalInt64("time_to_first_token"),
      status: try row.label("status"), attempts: Int(try row.int64("attempts")),
      isEstimated: try row.flag("is_estimated"))
  }
}
