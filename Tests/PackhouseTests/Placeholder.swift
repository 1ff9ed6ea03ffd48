enum PackhouseTestsPlaceholder {}
