import Core
import Platform
import Storage
import Testing

@testable import packhouse

@Suite("What commands print")
struct CommandOutputTests {
  @Test("Columns are as wide as their widest cell; numbers stand flush right; no line ends in spaces")
  func table() {
    var table = TextTable(["NAME", "TOKENS", "NOTE"], numbers: [1])
    #expect(table.text(none: "None yet.") == "None yet.")
    table.add(["Überseering", "1,200", ""])
    table.add(["B", "7", "x"])
    #expect(
      table.text(none: "") == """
        NAME         TOKENS  NOTE
        Überseering   1,200
        B                 7  x
        """)
  }

  @Test("Fields stand below each other, several values of one as well; a field without a value is left out")
  func fields() {
    var fields = TextFields()
    fields.add("id", "abc")
    fields.add("regions", ["A", "B"])
    fields.add("nothing", nil as String?)
    #expect(fields.text == "  id       abc\n  regions  A\n           B")
  }

  @Test("Numbers are grouped and counted nouns have their plural")
  func numbers() {
    let numbers: [Int64] = [0, 999, 1_000, -1_234_567]
    #expect(numbers.map(\.grouped) == ["0", "999", "1,000", "-1,234,567"])
    #expect(OutcomeText.count(1, "line") == "1 line" && OutcomeText.count(1_000, "line") == "1,000 lines")
  }

  @Test("JSON is sorted and indented, without escaped slashes")
  func json() throws {
    let output = CommandOutput("text", json: ["b": "/x", "a": "1"])
    #expect(try output.json() == "{\n  \"a\" : \"1\",\n  \"b\" : \"/x\"\n}" && output.status == 0)
  }

  @Test("A password is shown where it was made, and never told again")
  func password() {
    #expect(OutcomeText.password("a-b", isGiven: false, wasRepeated: false).hasPrefix("a-b "))
    #expect(OutcomeText.password(nil, isGiven: true, wasRepeated: false) == "as given")
    #expect(OutcomeText.password(nil, isGiven: false, wasRepeated: true).contains("reset-password"))
    #expect(OutcomeText.password(nil, isGiven: true, wasRepeated: true).contains("as it was set then"))
  }

  @Test("Wrong input ends with status 64 and points to the manual; a refusal and a failure with 1")
  func problems() {
    let manual = ContractCommand.Grant.manual
    let wrong = CommandProblem(
      OperatorRefusal(.input, [.init("to", "Enter a day."), .init("COMPANY", "Enter it."), .init("", "Odd.")]),
      of: manual)
    #expect(wrong.status == 64)
    #expect(
      wrong.text == """
        packhouse contract grant can't be run like this:
          --to: Enter a day.
          COMPANY: Enter it.
          Odd.
        `packhouse contract grant --help` explains everything.

        """)
    let refused = CommandProblem(PlatformError.refused(["One.", "Two."]), of: manual)
    #expect(refused.status == 1)
    #expect(refused.text == "packhouse contract grant was refused:\n  One.\n  Two.\n")
    let failed = CommandProblem(DatabaseProblem(.unreachable, "It does not answer."), of: manual)
    #expect(failed.status == 1)
    #expect(failed.text == "packhouse contract grant could not be carried out:\n  It does not answer.\n")
    #expect(CommandProblem(SettingsProblem(["A.", "B."]), of: manual).status == 64)
  }

  @Test("Two lines of one problem stay below each other")
  func lines() {
    let refusal = OperatorRefusal(.refused, [.init("", "This would end:\n  “A”")])
    let text = CommandProblem(refusal, of: ResourceCommand.Deprovision.manual).text
    #expect(text == "packhouse resource deprovision was refused:\n  This would end:\n    “A”\n")
  }
}
