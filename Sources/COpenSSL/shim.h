// OpenSSL 3 for Swift: the headers in use, and functions for what is only a macro or is variadic.
#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/time.h>

// Contexts

static inline int rk_openssl_set_version_range(SSL_CTX *context, int lowest, int highest) {
    return SSL_CTX_set_min_proto_version(context, lowest) == 1
        && SSL_CTX_set_max_proto_version(context, highest) == 1;
}

static inline void rk_openssl_set_context_mode(SSL_CTX *context, long mode) {
    SSL_CTX_set_mode(context, mode);
}

static inline int rk_openssl_set_groups(SSL_CTX *context, const char *groups) {
    return (int)SSL_CTX_set1_groups_list(context, groups);
}

// Every connection makes a full handshake, once.
static inline void rk_openssl_forbid_resumption(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

// Sessions

static inline int rk_openssl_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}

// Datagram TLS

static inline void rk_openssl_set_mtu(SSL *session, long bytes) {
    SSL_set_options(session, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(session, bytes);
    DTLS_set_link_mtu(session, bytes);
}

// Writes the time until the next retransmission; returns 0 when no timer runs.
static inline int rk_openssl_get_timeout(SSL *session, struct timeval *left) {
    return (int)DTLSv1_get_timeout(session, left);
}

static inline int rk_openssl_handle_timeout(SSL *session) { return (int)DTLSv1_handle_timeout(session); }

// Memory BIOs

// Makes an empty BIO answer "try again" (-1) instead of "end of file" (0).
static inline void rk_openssl_set_eof_return(BIO *bio, int value) { BIO_set_mem_eof_return(bio, value); }

static inline int rk_openssl_reset(BIO *bio) { return (int)BIO_reset(bio); }

// Keys

static inline EVP_PKEY *rk_openssl_make_p256_key(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}
