extension Setting {
  /// What matters to commands that look at an installation or change it: their help lists no more, but takes all.
  static let ofCommands: [Setting] = [
    configurationFile, data, databaseURL, catalog, providers, masterKey, logLevel,
  ]
}
