// usrsctp for Swift: a token instead of an address, and functions for what is a macro or a variadic argument.
#pragma once

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <usrsctp.h>

// Fills the address by which usrsctp knows one end of an association: an integer, never dereferenced.
static inline struct sockaddr_conn rk_usrsctp_address(uintptr_t token, uint16_t port) {
    struct sockaddr_conn address;
    memset(&address, 0, sizeof address);
    address.sconn_family = AF_CONN;
    address.sconn_port = htons(port);
    address.sconn_addr = (void *)token;
    return address;
}

// The value of MSG_EOR that the library was built with: the platform's 0x80 on Linux, not FreeBSD's 0x8.
static inline int rk_usrsctp_end_of_record(void) { return MSG_EOR; }
