import Foundation

/// Memory that tensors lie in for as long as anything refers to it: a file mapped read-only, whose pages the system
/// shares and may drop, or floats that were converted once. It never changes after it was made.
///
/// A mapped file must be replaced by renaming, never be overwritten: cutting it short under a mapping ends the process.
final class TensorMemory: Sendable {
  private enum Origin: Sendable { case mapped, allocated }

  // An integer rather than a pointer: nothing writes here after `init`, so sharing it between threads is safe.
  private let address: UInt
  private let origin: Origin
  let byteCount: Int

  /// Maps the file at `path`. Throws a clause that says why it could not.
  init(mapping path: String) throws(OfflineModelsError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unusable(file: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      throw .unusable(file: path, reason: "it is not a file with content")
    }
    let size = Int(status.st_size)
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw .unusable(file: path, reason: "it could not be mapped: \(String(cString: strerror(errno)))")
    }
    address = UInt(bitPattern: start)
    byteCount = size
    origin = .mapped
  }

  /// Floats of its own, filled by `fill`.
  init(floats count: Int, fill: (UnsafeMutablePointer<Float>) -> Void) {
    let floats = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
    floats.initialize(repeating: 0, count: max(1, count))
    fill(floats)
    address = UInt(bitPattern: floats)
    byteCount = count * MemoryLayout<Float>.stride
    origin = .allocated
  }

  deinit {
    switch origin {
    case .mapped: munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount)
    case .allocated: UnsafeMutablePointer<Float>(bitPattern: address)?.deallocate()
    }
  }

  /// The bytes; valid while this object lives.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: byteCount)
  }
}

/// Floats of one tensor, row by row.
struct Tensor: Sendable {
  private let memory: TensorMemory
  private let offset: Int
  let shape: [Int]

  /// `offset` is a byte offset that the caller has checked to be aligned and in bounds for `shape`.
  init(memory: TensorMemory, offset: Int, shape: [Int]) {
    precondition(offset % MemoryLayout<Float>.alignment == 0, "floats lie at multiples of their alignment")
    precondition(offset + shape.reduce(1, *) * MemoryLayout<Float>.stride <= memory.byteCount, "tensor in bounds")
    self.memory = memory
    self.offset = offset
    self.shape = shape
  }

  /// The first float; valid while this tensor lives.
  var floats: UnsafePointer<Float> {
    // The precondition of `init` leaves no tensor in empty memory.
    guard let start = memory.bytes.baseAddress else { preconditionFailure("tensor memory is never empty") }
    return (start + offset).assumingMemoryBound(to: Float.self)
  }
}
