import Crypto
import CryptoExtras
import ServiceLifecycle
import Logging
enum PlatformPlaceholder {}
