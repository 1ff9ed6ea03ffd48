enum PortalTestsPlaceholder {}
