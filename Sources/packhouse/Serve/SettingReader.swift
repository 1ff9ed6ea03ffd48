import Storage

/// Turns settings into values that can be used, and gathers what is wrong with them instead of stopping at the first.
struct SettingReader {
  private let settings: Settings
  private(set) var problems: [String] = []

  init(_ settings: Settings) { self.settings = settings }

  mutating func address(_ setting: Setting) -> ListenAddress {
    let text = settings.text(setting) ?? ""
    if let address = ListenAddress(text) { return address }
    problems.append(
      "\(setting.key) is \"\(text)\", which is not HOST:PORT. Set --\(setting.option ?? ""), \(setting.variable) or "
        + "the file's entry to something like \(setting.fallback ?? "127.0.0.1:8080").")
    return ListenAddress(host: "", port: 0)
  }

  mutating func url(_ setting: Setting) -> String? {
    guard let text = settings.text(setting) else { return nil }
    if text.hasPrefix("http://") || text.hasPrefix("https://") { return text }
    problems.append("\(setting.key) is \"\(text)\"; it must begin with http:// or https://.")
    return nil
  }

  mutating func choice<Value: RawRepresentable<String>>(_ setting: Setting, among choices: [Value]) -> Value? {
    let text = settings.text(setting) ?? ""
    if let value = Value(rawValue: text) { return value }
    let names = choices.map(\.rawValue).joined(separator: ", ")
    problems.append("\(setting.key) is \"\(text)\"; it must be one of \(names).")
    return nil
  }

  mutating func flag(_ setting: Setting) -> Bool {
    let text = settings.text(setting) ?? ""
    if let isOn = Settings.flag(text) { return isOn }
    problems.append("\(setting.key) is \"\(text)\"; it must be one of true, false.")
    return false
  }

  mutating func number(_ setting: Setting, in range: ClosedRange<Int>) -> Int {
    let text = settings.text(setting) ?? ""
    if let number = Int(text), range.contains(number) { return number }
    problems.append(
      "\(setting.key) is \"\(text)\"; it must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    return range.lowerBound
  }

  mutating func database(_ folder: DataFolder) -> DatabaseLocation {
    guard let url = settings.text(.databaseURL) else { return .sqlite(path: folder.database) }
    if !url.hasPrefix("postgresql://"), !url.hasPrefix("postgres://") {
      problems.append("database.url must begin with postgresql://. Leave it out for the embedded database.")
    }
    return .postgres(url: url)
  }

  mutating func tls() -> TLSFiles? {
    switch (settings.text(.certificate), settings.text(.certificateKey)) {
    case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
    case (nil, nil): return nil
    case (_?, nil):
      problems.append("tls.certificate is set but tls.key is not. Set --tls-key to the certificate's private key.")
    case (nil, _?):
      problems.append("tls.key is set but tls.certificate is not. Set --tls-certificate to the certificate chain.")
    }
    return nil
  }
}
