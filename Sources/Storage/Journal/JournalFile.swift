import Glibc

/// A segment's file while it is being made.
struct JournalFile {
  let segment: JournalSegment
  let descriptor: Int32
  /// Bytes that surely fit.
  let reserved: Int

  /// Makes an empty file with space set aside, for its owner only.
  static func create(_ segment: JournalSegment, options: JournalOptions) throws -> JournalFile {
    let descriptor = Glibc.open(segment.path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw problem(segment, errno) }
    switch options.system.allocate(descriptor, options.segmentBytes) {
    case 0: return JournalFile(segment: segment, descriptor: descriptor, reserved: options.segmentBytes)
    case EOPNOTSUPP, EINVAL, ENOSYS:
      // A file system that sets nothing aside: then a full disk may cost the settlements of running calls.
      return JournalFile(segment: segment, descriptor: descriptor, reserved: .max)
    case let code:
      let file = JournalFile(segment: segment, descriptor: descriptor, reserved: 0)
      file.discard()
      throw problem(segment, code)
    }
  }

  private static func problem(_ segment: JournalSegment, _ code: Int32) -> JournalProblem {
    JournalProblem(
      .unreadable, "The journal segment \(segment.path) cannot be made: \(String(cString: strerror(code))).")
  }

  /// Writes the header.
  func write(_ header: [UInt8], options: JournalOptions) -> Bool {
    header.withUnsafeBytes { options.system.write(descriptor, $0, 0) } == header.count
  }

  func discard() {
    _ = Glibc.close(descriptor)
    _ = unlink(segment.path)
  }

  /// Makes the names of new files survive a loss of power.
  static func syncFolder(_ folder: String) {
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    _ = Glibc.close(descriptor)
  }
}
