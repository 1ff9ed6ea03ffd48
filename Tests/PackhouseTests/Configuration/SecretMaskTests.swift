import Testing

@testable import packhouse

@Suite("How secrets are shown (V-2)")
struct SecretMaskTests {
  @Test(
    "A URL keeps everything but its password and its parameters",
    arguments: [
      ("postgresql://ada:sesame@db.example:5432/packhouse", "postgresql://ada:********@db.example:5432/packhouse"),
      ("postgresql://ada@db.example/packhouse", "postgresql://ada:********@db.example/packhouse"),
      ("postgresql://db.example/packhouse", "postgresql://db.example/packhouse"),
      ("postgresql://ada:ses@me@db.example/p", "postgresql://ada:********@db.example/p"),
      ("postgresql://ada:ses?me@db.example/p", "postgresql://ada:********@db.example/p"),
      ("postgresql://db.example/p?user=ada&password=sesame", "postgresql://db.example/p?********"),
      ("postgresql://ada:x@db.example/p?password=sesame", "postgresql://ada:********@db.example/p?********"),
      ("host=db password=sesame", "********"),
      ("", "********"),
    ])
  func url(text: String, shown: String) {
    #expect(SecretMask.shown(text, of: .databaseURL) == shown)
  }

  @Test("Any other secret is not shown at all, and what is no secret is")
  func others() {
    #expect(SecretMask.shown("c2VzYW1l", of: .masterKey) == "********")
    #expect(SecretMask.shown("here", of: .data) == "here")
  }
}
