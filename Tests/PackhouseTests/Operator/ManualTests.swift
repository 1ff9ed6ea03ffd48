import ArgumentParser
import Foundation
import Testing

@testable import packhouse

@Suite("Manuals of the operator's commands")
struct ManualTests {
  @Test("The promised commands are there, each under its own name")
  func commands() {
    #expect(
      Set(Commands.all.map(\.command)).isSuperset(of: [
        "company create", "company list", "company show", "contract grant", "contract list", "subscription set",
        "subscription list", "user create", "user reset-password", "user deactivate",
        "user reactivate", "user list", "resource provision",
        "resource deprovision", "resource cancel-deprovisioning", "resource list", "ledger verify", "audit verify",
        "audit head", "provider add", "provider set-secret", "provider remove", "provider list", "provider history",
      ]))
    #expect(Set(Commands.all.map(\.command)).count == Commands.all.count)
    for type in Commands.types {
      #expect(type.configuration.commandName == type.manual.command.split(separator: " ").last.map(String.init))
    }
  }

  @Test("A manual describes the command and every operand, option, member and setting", arguments: Commands.all)
  func complete(_ manual: Manual) {
    let text = flat(ManualText(manual).text)
    #expect(text.hasPrefix("packhouse \(manual.command): \(manual.abstract)"))
    for sentence in [manual.abstract] + manual.operands.map(\.help) + manual.allOptions.map(\.help) {
      #expect(!sentence.isEmpty && sentence.hasSuffix(".") && text.contains(flat(sentence)), "\(sentence)")
    }
    for option in manual.allOptions {
      #expect(text.contains("--\(option.name)"))
      #expect(text.contains(option.fallback.map { "Default: \(flat($0))." } ?? "Required."))
      #expect(option.placeholder.isEmpty == (option.kind == .flag), "--\(option.name)")
      #expect((option.example == nil) == (option.kind == .flag), "--\(option.name)")
    }
    for field in manual.fields { #expect(text.contains("\(field.name) \(flat(field.help))"), "\(field.name)") }
    for setting in Setting.ofCommands { #expect(text.contains(setting.variable)) }
    for status in ["0", "1", "64"] { #expect(text.contains(" \(status) ")) }
    #expect(!manual.examples.isEmpty && !manual.fields.isEmpty && !manual.discussion.isEmpty)
  }

  @Test("Every option is shown with a value in an example of its own, and examples are lines that can be read")
  func examples() {
    for manual in Commands.all {
      for example in manual.examples {
        #expect(example.purpose.hasSuffix(":") && example.line.hasPrefix(manual.command), "\(manual.command)")
        let words = words(of: example.line).dropFirst(manual.command.split(separator: " ").count)
        // Up to a pipe or a redirection, which are the shell's.
        let input = CommandInput(Array(words.prefix { !["|", ">", "<"].contains($0) }), manual: manual)
        #expect(input.problems().isEmpty, "\(example.line): \(input.problems())")
      }
    }
  }

  @Test("Lines are at most 78 characters wide, but for what has no space to break at")
  func width() {
    for text in Commands.all.map({ ManualText($0).text }) + [SettingHelp.text] {
      for line in text.split(separator: "\n") {
        #expect(line.count <= 78 || !line.drop { $0 == " " }.contains(" "), "\(line)")
      }
    }
  }

  @Test("Where a verification can find something, status 2 is explained")
  func findings() {
    let verifying = Commands.all.filter { $0.findingStatus != nil }.map(\.command)
    #expect(verifying == ["ledger verify", "audit verify"])
    for manual in Commands.all where manual.findingStatus != nil {
      #expect(flat(ManualText(manual).text).contains(" 2 \(manual.findingStatus ?? "?")"))
    }
  }

  @Test("Text breaks at spaces outside of quotation marks")
  func wrapping() {
    let lines = ManualText.wrapped("one \"two three\" four", first: "> ", rest: "  ", width: 15)
    #expect(lines == ["> one", "  \"two three\"", "  four"])
    #expect(ManualText.wrapped("", first: "", rest: "") == [""])
    #expect(ManualText.wrapped(String(repeating: "x", count: 100), first: "", rest: "  ").count == 1)
  }

  /// Without line ends and indentation.
  private func flat(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  /// As a shell splits a line.
  private func words(of line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        words.append(word)
        word = ""
      } else {
        word.append(character)
      }
    }
    return (words + [word]).filter { !$0.isEmpty }
  }
}
