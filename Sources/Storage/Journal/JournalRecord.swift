import Core

/// What one record of the journal says.
enum JournalRecord: Hashable, Sendable {
  /// A call was admitted. Rule M-1.
  case opened(AdmittedCall)
  /// So many characters of a stream have been produced. Rule M-3.
  case progress(RequestID, outputCharacters: Int64)
  /// A call has ended; holds the call itself, so that it stands without its opening record.
  case settled(UsageEntry)

  private enum Kind: UInt8 {
    case opened = 1
    case progress = 2
    case settled = 3
  }

  func write(to writer: inout JournalWriter) {
    switch self {
    case .opened(let call):
      writer.append(Kind.opened.rawValue)
      Self.write(call, to: &writer)
    case .progress(let id, let characters):
      writer.append(Kind.progress.rawValue)
      writer.append(id.text)
      writer.append(characters)
    case .settled(let entry):
      writer.append(Kind.settled.rawValue)
      Self.write(entry, to: &writer)
    }
  }

  /// Nil for bytes that are no record of this version.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = JournalBytes(bytes)
    guard let number = reader.number(UInt8.self), let kind = Kind(rawValue: number) else { return nil }
    switch kind {
    case .opened:
      guard let call = Self.call(&reader) else { return nil }
      self = .opened(call)
    case .progress:
      guard let id = reader.text(), let characters = reader.number(Int64.self) else { return nil }
      self = .progress(RequestID(id), outputCharacters: characters)
    case .settled:
      guard let entry = Self.entry(&reader) else { return nil }
      self = .settled(entry)
    }
    guard reader.isAtEnd else { return nil }
  }

  private static func write(_ call: AdmittedCall, to writer: inout JournalWriter) {
    for text in [
      call.requestID.text, call.companyID.text, call.resourceID.text, call.payer.text, call.model.text,
      call.region.text, call.dialect.rawValue,
    ] { writer.append(text) }
    for number in [
      call.rates.input, call.rates.output, call.rates.cacheWrite, call.rates.cacheRead,
      call.admittedAt.milliseconds, call.bundleMonthStart.milliseconds, Int64(call.localDay.number),
      call.countedInput.count,
    ] { writer.append(number) }
  }

  private static func call(_ reader: inout JournalBytes) -> AdmittedCall? {
    guard let requestID = reader.text(), let companyID = reader.text(), let resourceID = reader.text(),
      let payer = reader.text().flatMap(Payer.init(text:)), let model = reader.text(), let region = reader.text(),
      let dialect = reader.text().flatMap(Dialect.init(rawValue:)),
      let input = reader.number(Int64.self), let output = reader.number(Int64.self),
      let cacheWrite = reader.number(Int64.self), let cacheRead = reader.number(Int64.self),
      let admittedAt = reader.number(Int64.self), let monthStart = reader.number(Int64.self),
      let day = reader.number(Int64.self), let countedInput = reader.number(Int64.self)
    else { return nil }
    return AdmittedCall(
      requestID: RequestID(requestID), companyID: CompanyID(companyID), resourceID: ResourceID(resourceID),
      payer: payer, model: ModelVersionID(model),
      rates: ExchangeRates(input: input, output: output, cacheWrite: cacheWrite, cacheRead: cacheRead),
      region: RegionID(region), dialect: dialect, admittedAt: Instant(milliseconds: admittedAt),
      bundleMonthStart: Instant(milliseconds: monthStart), localDay: LocalDay(number: Int(day)),
      countedInput: TokenCount(countedInput))
  }

  private static func write(_ entry: UsageEntry, to writer: inout JournalWriter) {
    write(entry.call, to: &writer)
    writer.append(entry.servedRegion.text)
    writer.append(entry.status.rawValue)
    for number in [
      entry.usage.input.count, entry.usage.cacheWrite.count, entry.usage.cacheRead.count, entry.usage.output.count,
      entry.finishedAt.milliseconds, entry.timeToFirstToken ?? -1, Int64(entry.attempts),
    ] { writer.append(number) }
    writer.append(UInt8(entry.isEstimated ? 1 : 0))
  }

  private static func entry(_ reader: inout JournalBytes) -> UsageEntry? {
    guard let call = call(&reader), let region = reader.text(),
      let status = reader.text().flatMap(UsageStatus.init(rawValue:)),
      let input = reader.number(Int64.self), let cacheWrite = reader.number(Int64.self),
      let cacheRead = reader.number(Int64.self), let output = reader.number(Int64.self),
      let finishedAt = reader.number(Int64.self), let firstToken = reader.number(Int64.self),
      let attempts = reader.number(Int64.self), let isEstimated = reader.number(UInt8.self)
    else { return nil }
    return UsageEntry(
      call: call, servedRegion: RegionID(region),
      usage: TokenUsage(
        input: TokenCount(input), cacheWrite: TokenCount(cacheWrite), cacheRead: TokenCount(cacheRead),
        output: TokenCount(output)),
      finishedAt: Instant(milliseconds: finishedAt), timeToFirstToken: firstToken < 0 ? nil : firstToken,
      status: status, attempts: Int(attempts), isEstimated: isEstimated != 0)
  }
}
