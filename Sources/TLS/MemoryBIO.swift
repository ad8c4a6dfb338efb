import COpenSSL

/// One direction of the byte pipe between OpenSSL and us.
///
/// The handle belongs to the `SSL` object that it was given to and lives as long as that.
package struct MemoryBIO {
    /// What `SSL_set_bio` wants.
    package let handle: OpaquePointer

    /// Makes an empty pipe that says "try again" when it has nothing.
    package init?() {
        guard let handle = BIO_new(BIO_s_mem()) else { return nil }
        rk_openssl_set_eof_return(handle, -1)
        self.handle = handle
    }

    /// Puts bytes in; with datagrams, only when the one before has been read.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        BIO_write(handle, bytes.baseAddress, Int32(clamping: bytes.count)) == Int32(clamping: bytes.count)
    }

    /// Forgets what is inside.
    package func reset() {
        _ = rk_openssl_reset(handle)
    }

    /// Takes everything that is inside.
    package func takeAll() -> [UInt8] {
        let pending = BIO_ctrl_pending(handle)
        guard pending > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: pending) { buffer, count in
            count = max(0, Int(BIO_read(handle, buffer.baseAddress, Int32(clamping: buffer.count))))
        }
    }
}
