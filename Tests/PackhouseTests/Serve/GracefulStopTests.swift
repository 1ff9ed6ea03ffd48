import Logging
import Platform
import ServiceLifecycle
import Synchronization
import Testing

@testable import packhouse

@Suite("A stop is known at once, and what outlasts its time is told (L-2)", .timeLimit(.minutes(1)))
struct GracefulStopTests {
  private final class Gate: Sendable {
    private let isOpen = Mutex(false)
    func open() { isOpen.withLock { $0 = true } }
    func wait() async { while !isOpen.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) } }
  }

  /// Ends once it is told to stop and its calls have ended.
  private struct Listening: Service {
    let calls: Gate

    func run() async throws {
      try? await gracefulShutdown()
      await calls.wait()
    }
  }

  /// What was logged, one text a line.
  private final class Log: Sendable {
    private let state = Mutex<[String]>([])
    var lines: [String] { state.withLock { $0 } }
    func add(_ line: String) { state.withLock { $0.append(line) } }
    var logger: Logger { Logger(label: "test", factory: { _ in Handler(log: self) }) }
  }

  private struct Handler: LogHandler {
    let log: Log
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    init(log: Log) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { log.add("\(event.level): \(event.message)") }
  }

  private static func group(_ service: any Service) -> ServiceGroup {
    let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    return ServiceGroup(configuration: ServiceGroupConfiguration(services: [.init(service: service)], logger: quiet))
  }

  @Test("Calls that end in time are not cut, and everybody knows of the stop from its beginning")
  func inTime() async throws {
    let (calls, notice, log) = (Gate(), StopNotice(), Log())
    let group = Self.group(
      GracefulStop(
        listeners: Listening(calls: calls), notice: notice, time: .seconds(3_600), logger: log.logger,
        openCalls: { 2 }, cut: { Issue.record("it was in time") }))
    let running = Task { try await group.run() }
    #expect(!notice.isStopping)
    await group.triggerGracefulShutdown()
    while log.lines.isEmpty { await Task.yield() }
    #expect(notice.isStopping && !notice.isOver)
    #expect(log.lines.count == 1 && log.lines[0].hasPrefix("notice: Stopping: 2 calls are still running"))
    #expect(log.lines[0].contains("3600 s"))
    calls.open()
    try await running.value
    #expect(!notice.isOver && log.lines.count == 1)
  }

  @Test("When the time is over calls are cut, which is told before the listeners are gone")
  func late() async throws {
    let (calls, notice, log) = (Gate(), StopNotice(), Log())
    let group = Self.group(
      GracefulStop(
        listeners: Listening(calls: calls), notice: notice, time: .zero, logger: log.logger, openCalls: { 1 },
        cut: {
          #expect(notice.isOver)
          calls.open()
        }))
    let running = Task { try await group.run() }
    await group.triggerGracefulShutdown()
    try await running.value
    #expect(log.lines.count == 2 && log.lines[1].hasPrefix("warning: The time to finish is over: 1 call is"))
  }
}
