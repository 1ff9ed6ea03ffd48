import NIOSSL

/// The certificate that portal and gateway show. Decision 14.
enum TLSSettings {
  /// Nil without files. Throws ``SettingsProblem`` where a file can't be read or does not hold what it should.
  static func load(_ files: TLSFiles?) throws -> TLSConfiguration? {
    guard let files else { return nil }
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(files.certificate) } catch {
      throw SettingsProblem(["The certificate \(files.certificate) can't be read: a chain in PEM form is needed."])
    }
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(file: files.key, format: .pem) } catch {
      throw SettingsProblem(["The key \(files.key) can't be read: a private key in PEM form is needed."])
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    return configuration
  }
}

/// Files of the certificate that portal and gateway show.
struct TLSFiles: Sendable {
  let certificate: String
  let key: String
}
