import ArgumentParser
import Platform

/// `packhouse doctor`. Rule N-5.
struct DoctorCommand: OperatorCommand {
  static let manual = Manual(
    command: "doctor", abstract: "Check data folder, listeners, weights and every deployment, and say what is missing.",
    discussion: """
      Asks each deployment for one token, which costs next to nothing and is charged to no resource, and tells for each \
      that does not answer what is wrong and how to mend it: a variable that is not set, credentials that are not \
      accepted (401), a model that they may not use (403) or that is not there (404), an address that can't be reached, \
      a time-out. Where a server runs it is the one that asks, with its own environment; otherwise the command does, \
      with its own. At most four are asked at a time, each for at most 30 s.

      Changes nothing. Exit status 1 where anything is missing.
      """,
    options: [deployment],
    examples: [
      Manual.Example(purpose: "Everything:", line: "doctor"),
      Manual.Example(purpose: "One account, for a script:", line: "doctor --deployment frankfurt --json"),
    ],
    fields: [
      Manual.Field("isServerRunning", "True where a server runs on the data folder and was asked."),
      Manual.Field("findings[].what", "What was looked at: the data folder, a listener, the weights."),
      Manual.Field("findings[].isFine", "True where nothing is wrong with it."),
      Manual.Field("findings[].sentence", "How it is, or what is wrong and how to mend it."),
      Manual.Field("deployments[].deployment", "The deployment's id: account/model."),
      Manual.Field("deployments[].model", "Id of the model version."),
      Manual.Field("deployments[].account", "Name of the provider account."),
      Manual.Field("deployments[].kind", "The account's kind."),
      Manual.Field("deployments[].region", "Where it answers."),
      Manual.Field("deployments[].upstreamModel", "The model's name at the provider."),
      Manual.Field("deployments[].works", "True where it answered."),
      Manual.Field("deployments[].problem", "What is wrong."),
      Manual.Field("deployments[].remedy", "How to mend it."),
      Manual.Field("deployments[].milliseconds", "How long the whole call took, where it was made."),
    ])

  static let deployment = CommandOption(
    name: "deployment", placeholder: "NAME",
    help: "Asks only this one: a deployment's id, or all those of an account or of a model version.",
    fallback: "every deployment", example: "frankfurt", kind: .list)

  @Argument(parsing: .allUnrecognized) var arguments: [String] = []

  func perform(_ input: CommandInput) async throws -> CommandOutput {
    let names = input.list(Self.deployment)
    let report = try await DoctorVisit(configuration: try await input.configuration(), only: names).report()
    guard names.isEmpty || !report.deployments.isEmpty else {
      throw OperatorRefusal(
        .refused,
        [
          .init(
            "deployment",
            "No deployment, account or model is called \(names.joined(separator: " or ")). Without the option all are asked "
              + "and listed.")
        ])
    }
    return CommandOutput(report.text, json: report, status: report.isFine ? 0 : ExitStatus.refused)
  }
}
