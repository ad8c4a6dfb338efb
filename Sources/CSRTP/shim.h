// libsrtp 2 for Swift; everything in use is a plain function.
#pragma once

#include <srtp2/srtp.h>
