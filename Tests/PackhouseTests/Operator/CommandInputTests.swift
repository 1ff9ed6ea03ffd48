import Core
import Platform
import Testing

@testable import packhouse

@Suite("The command line of the operator")
struct CommandInputTests {
  private func read(_ line: String..., manual: Manual = ContractCommand.Grant.manual) -> CommandInput {
    CommandInput(line, manual: manual)
  }

  private func sentences(_ input: CommandInput) -> [String] {
    input.problems().map { $0.field.isEmpty ? $0.sentence : "\($0.field): \($0.sentence)" }
  }

  @Test("Operands and options stand in any order; a value is the next argument or follows an equals sign")
  func values() {
    for input in [
      read("Fernhill", "--cloud-tokens", "200", "--to=2028-01-01"),
      read("--to", "2028-01-01", "Fernhill", "--cloud-tokens=200"),
    ] {
      #expect(input.operand(0) == "Fernhill" && input.operand(1) == nil)
      #expect(input.text(ContractCommand.Grant.cloudTokens) == "200")
      #expect(input.text(ContractCommand.Grant.to) == "2028-01-01")
      #expect(input.text(ContractCommand.Grant.from) == nil && input.problems().isEmpty)
    }
    #expect(read("x", "--to", "a=b").text(ContractCommand.Grant.to) == "a=b")
    #expect(read("x", "--to=").text(ContractCommand.Grant.to) == "")
    #expect(read("x", "--cloud-tokens", "-5").text(ContractCommand.Grant.cloudTokens) == "-5")
  }

  @Test("Of two values the last counts, and lists keep all")
  func repeated() {
    #expect(read("--to", "a", "--to", "b").text(ContractCommand.Grant.to) == "b")
    let manual = ResourceCommand.Provision.manual
    let input = read("--model", "a", "--model=b", manual: manual)
    #expect(input.list(ResourceCommand.Provision.model) == ["a", "b"])
  }

  @Test("Every option of every command is read as its kind", arguments: Commands.all)
  func allOptions(_ manual: Manual) {
    for option in manual.allOptions {
      switch option.kind {
      case .flag:
        let input = CommandInput(["--\(option.name)"], manual: manual)
        #expect(input.isSet(option), "\(manual.command) --\(option.name)")
        #expect(CommandInput(["--\(option.name)=x"], manual: manual).problems().map(\.field).contains(option.name))
      case .text:
        #expect(CommandInput(["--\(option.name)", "v"], manual: manual).text(option) == "v")
      case .list:
        #expect(CommandInput(["--\(option.name)", "v"], manual: manual).list(option) == ["v"])
      }
      guard option.kind != .flag else { continue }
      let bare = CommandInput(["--\(option.name)", "--json"], manual: manual)
      #expect(bare.wantsJSON)
      #expect(
        bare.problems().first { $0.field == option.name }?.sentence
          == "It needs a value: --\(option.name) \(option.placeholder).")
    }
  }

  @Test("What is missing is told by name with what it is for", arguments: Commands.all)
  func missing(_ manual: Manual) {
    let required =
      manual.operands.filter(\.isRequired).map(\.name) + manual.options.filter { $0.fallback == nil }.map(\.name)
    let problems = CommandInput([], manual: manual).problems()
    #expect(problems.map(\.field) == required)
    #expect(problems.allSatisfy { $0.sentence.hasPrefix("It is missing. ") })
  }

  @Test("Everything wrong with a line is told at once, each thing once")
  func wrong() {
    let input = read("Fernhill", "more", "-x", "--bogus", "3", "--cloud", "5", "--cloud-tokens", "--json=yes")
    #expect(
      sentences(input) == [
        "“more” is one too many: put a text with spaces in quotation marks.",
        "There is no option -x. Options begin with two dashes.", "There is no option --bogus. --help lists them all.",
        "There is no option --cloud. Did you mean --cloud-tokens?",
        "cloud-tokens: It needs a value: --cloud-tokens N.", "json: It takes no value.",
        "to: It is missing. The first day without the contract, YYYY-MM-DD in the company's time zone. It must lie in "
          + "the future.",
      ])
    let both = input.problems(with: [
      FieldProblem("cloud-tokens", "Enter a number."), FieldProblem("to", "Enter a day."),
    ])
    #expect(both.filter { $0.field == "cloud-tokens" }.count == 1)
    #expect(both.filter { $0.field == "to" }.map(\.sentence) == ["Enter a day."])
  }

  @Test("No option takes a password, and what follows the attempt is not printed", arguments: Commands.all)
  func noPasswords(_ manual: Manual) {
    #expect(manual.allOptions.allSatisfy { !$0.name.contains("password") || $0.kind == .flag })
    let operands = manual.operands.map { _ in "x" }
    let input = CommandInput(operands + ["--password", "hunter2-hunter2"], manual: manual)
    #expect(input.problems().contains { $0.sentence.hasPrefix("There is no option --password.") })
    #expect(!input.problems().contains { $0.sentence.contains("hunter2") })
  }

  @Test("Settings stand among the options and are kept for their own reader")
  func settings() {
    let input = read("x", "--data", "/d", "--to", "y", "--database=postgresql://h/n", "--log-level", "error")
    #expect(input.settings == ["--data", "/d", "--database=postgresql://h/n", "--log-level", "error"])
    #expect(input.operand(0) == "x" && input.text(ContractCommand.Grant.to) == "y")
  }

  @Test("No option of a command hides a setting", arguments: Commands.all)
  func noClashes(_ manual: Manual) {
    #expect(Set(manual.allOptions.map(\.name)).isDisjoint(with: Setting.all.compactMap(\.option)))
    #expect(Set(manual.allOptions.map(\.name)).count == manual.allOptions.count)
  }

  @Test("Without a key of its own each run has a fresh one, the same for all of the run")
  func keys() {
    let (first, second) = (read("x"), read("x"))
    #expect(first.idempotencyKey == first.idempotencyKey && first.idempotencyKey != second.idempotencyKey)
    #expect((1...100).contains(first.idempotencyKey.utf8.count))
    #expect(read("x", "--idempotency-key", "renewal").idempotencyKey == "renewal")
  }
}
