enum DialectTestsPlaceholder {}
