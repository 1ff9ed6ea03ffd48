import Storage
import Testing

@testable import packhouse

@Suite("Where a setting comes from")
struct SettingsTests {
  static let file = """
    data: from-file
    portal:
      listen: 127.0.0.1:1111
    demo: true
    trustedProxies: [10.0.0.1, 10.0.0.2]
    metering:
      durability: strict
      drainSeconds: 5
    stop:
      seconds: 7
    """

  @Test("An option wins over a variable, a variable over the file, the file over the default")
  func precedence() async throws {
    try await Scratch.file(Self.file) { path in
      let variables = ["PACKHOUSE_DATA": "from-variable", "PACKHOUSE_CONFIG": path]
      let all = try await Settings.of(["--data", "from-option"], environment: variables)
      #expect(try #require(all.value(.data)) == ("from-option", .option))
      let two = try await Settings.of(environment: variables)
      #expect(try #require(two.value(.data)) == ("from-variable", .environment))
      let one = try await Settings.of(["--config", path])
      #expect(try #require(one.value(.data)) == ("from-file", .file))
      #expect(try #require(one.value(.portalListen)) == ("127.0.0.1:1111", .file))
      let none = try await Settings.of()
      #expect(try #require(none.value(.data)) == ("packhouse-data", .fallback))
      #expect(none.value(.providers) == nil)
    }
  }

  @Test("The file's flags, words and lists are read as what they are")
  func types() async throws {
    try await Scratch.file(Self.file) { path in
      let settings = try await Settings.of(["--config", path])
      let configuration = try ServerConfiguration(settings)
      #expect(configuration.wantsDemo)
      #expect(configuration.durability == .strict && configuration.drainSeconds == 5 && configuration.stopSeconds == 7)
      #expect(configuration.trustedProxies == ["10.0.0.1", "10.0.0.2"])
    }
  }

  @Test("Numbers in the file are read as their texts")
  func numbers() async throws {
    try await Scratch.file("data: 12\nbranding:\n  cloud: 3.5\n") { path in
      let settings = try await Settings.of(["--config", path])
      #expect(settings.text(.data) == "12")
      #expect(settings.text(.cloudName) == "3.5")
    }
  }

  @Test("A variable is the key in capitals, its words parted")
  func variables() {
    #expect(Setting.data.variable == "PACKHOUSE_DATA")
    #expect(Setting.portalURL.variable == "PACKHOUSE_PORTAL_PUBLIC_URL")
    #expect(Setting.masterKey.variable == "PACKHOUSE_MASTER_KEY")
    #expect(Setting.trustedProxies.variable == "PACKHOUSE_TRUSTED_PROXIES")
    #expect(Setting.durability.variable == "PACKHOUSE_METERING_DURABILITY")
  }

  @Test("Every setting can be given by its variable", arguments: Setting.all.map(\.key).filter { $0 != "config" })
  func everyVariable(key: String) async throws {
    let setting = try #require(Setting.all.first { $0.key == key })
    let settings = try await Settings.of(environment: [setting.variable: "some value"])
    #expect(try #require(settings.value(setting)) == ("some value", .environment))
  }

  @Test("An empty variable does not hide a default")
  func emptyVariable() async throws {
    let settings = try await Settings.of(environment: ["PACKHOUSE_DATA": "", "PACKHOUSE_PROVIDERS": ""])
    #expect(try #require(settings.value(.data)) == ("packhouse-data", .fallback))
    #expect(settings.text(.providers) == nil)
  }

  @Test("Entries of the file that are no settings are all named, with their lines")
  func unknownEntries() async throws {
    let text = """
      data: here
      dtaa: there
      portal:
        listen: 127.0.0.1:1111
        lisen: 127.0.0.1:2222
      gateway: 127.0.0.1:3333
      """
    try await Scratch.file(text) { path in
      let problems = try await sentences { _ = try await Settings.of(["--config", path]) }
      #expect(problems.count == 3)
      #expect(problems[0].hasPrefix("\(path), line 2: there is no setting dtaa."))
      #expect(problems[1].hasPrefix("\(path), line 5: there is no setting portal.lisen."))
      #expect(problems[2].hasPrefix("\(path), line 6: there is no setting gateway."))
    }
  }

  @Test("A file that is not there or no YAML is told as that", arguments: ["a: [1", "a: b: c", "\"open"])
  func unreadable(text: String) async throws {
    let missing = try await sentences { _ = try await Settings.of(["--config", "/nowhere/at-all.yaml"]) }
    #expect(
      missing == ["The configuration file /nowhere/at-all.yaml can't be read: it does not exist or may not be opened."])
    try await Scratch.file(text) { path in
      let problems = try await sentences { _ = try await Settings.of(["--config", path]) }
      #expect(problems.count == 1)
      #expect(problems.first?.contains("is not valid YAML") == true)
    }
  }

  @Test("An empty file sets nothing")
  func emptyFile() async throws {
    try await Scratch.file("# nothing yet\n") { path in
      let settings = try await Settings.of(["--config", path])
      #expect(settings.text(.data) == "packhouse-data")
    }
  }
}
