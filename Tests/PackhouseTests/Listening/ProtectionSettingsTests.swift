import Core
import Testing

@testable import packhouse

@Suite("What clients can take of the server, as it is set (L-1)")
struct ProtectionSettingsTests {
  private func protection(_ arguments: [String] = []) async throws -> ProtectionSettings {
    try ServerConfiguration(try await Settings.of(arguments)).protection
  }

  @Test("Without a word there are limits")
  func defaults() async throws {
    let protection = try await protection()
    #expect(protection.connections == 4_096 && protection.connectionsPerAddress == 256)
    #expect(protection.callsPerKey == 256 && protection.callsPerResource == 512)
    #expect(protection.callsPerMinute == 6_000)
  }

  @Test("0 is no limit, where there can be none")
  func none() async throws {
    let protection = try await protection([
      "--connections-per-address", "0", "--calls-per-key", "0", "--calls-per-resource", "0", "--calls-per-minute", "0",
    ])
    #expect(protection.connectionsPerAddress == nil && protection.callsPerKey == nil)
    #expect(protection.callsPerResource == nil && protection.callsPerMinute == nil)
    let limits = protection.callLimits(protection.shares(openFiles: 65_536))
    #expect(limits.total == 4_096)
  }

  @Test("What is no number, or none that holds, is told with its range")
  func problems() async throws {
    let settings = try await Settings.of([
      "--connections", "15", "--connections-per-address", "many", "--calls-per-key=-1", "--calls-per-resource", "1.5",
      "--calls-per-minute", "1000001",
    ])
    let problems = try await sentences { _ = try ServerConfiguration(settings) }
    #expect(problems.count == 5)
    #expect(problems.contains { $0.hasPrefix("protection.connections is \"15\"") && $0.contains("16 to 1000000") })
    #expect(problems.filter { $0.contains("from 0 to 1000000") }.count == 4)
  }

  @Test("Whatever is wanted and permitted, files and providers find a descriptor", arguments: [16, 4_096, 1_000_000])
  func shares(wanted: Int) {
    for openFiles in [256, 257, 300, 512, 1_000, 1_024, 4_096, 10_000, 65_536] {
      let shares = ConnectionShares(wanted: wanted, openFiles: openFiles)
      let listeners = [shares.gateway, shares.portal, shares.operations]
      let connections = listeners.map { ConnectionLimits(total: $0, perAddress: nil) }.map { $0.total + $0.beyond }
      #expect(connections.reduce(ConnectionShares.reserve + shares.calls, +) <= openFiles, "\(openFiles)")
      #expect(listeners.allSatisfy { $0 >= 4 && $0 <= wanted })
    }
    #expect(ConnectionShares(wanted: 4_096, openFiles: 65_536).gateway == 4_096)
  }

  @Test("Too few open files are told before anything starts")
  func tooFewFiles() async throws {
    let problems = try await sentences { try OpenFiles.check(255) }
    #expect(problems.count == 1 && problems[0].contains("255 open files") && problems[0].contains("LimitNOFILE="))
    try OpenFiles.check(256)
    #expect(OpenFiles.limit > 0)
  }
}
