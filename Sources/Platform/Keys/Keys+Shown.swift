import Core

extension Keys {
  /// What is shown once: the plain key, and the configuration key for Mendix applications. Rule G-12.
  func created(_ key: ResourceKey, of resource: Resource, secret: [UInt8]) -> CreatedKey {
    let plain = KeyFormat.make(id: key.id, secret: secret, sha256: Digest.sha256)
    let configuration = ConfigurationKey(
      resource: ConfigurationKey.Access(
        id: resource.id, name: resource.name, type: resource.type,
        resourceBaseURL: context.addresses.gatewayURL(of: resource.id), accessToken: Sensitive(plain),
        model: resource.defaultModel ?? resource.models.first, environment: resource.environment,
        deepLinkURL: context.addresses.portalURL(of: resource.id)),
      keyName: key.description, keyID: key.id)
    return CreatedKey(key: key, plainKey: Sensitive(plain), configurationKey: Sensitive(configuration.base64()))
  }
}

extension PublicAddresses {
  /// The base URL of the connector's calls to a resource.
  func gatewayURL(of resource: ResourceID) -> String { "\(gateway)/resources/\(resource)" }
  /// The resource's page in the portal.
  func portalURL(of resource: ResourceID) -> String { "\(portal)/resources/\(resource)" }
}
