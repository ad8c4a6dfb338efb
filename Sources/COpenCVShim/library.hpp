#pragma once

/// Loads one of OpenCV's libraries ("highgui", "videoio", "imgcodecs") with all it needs, once; throws when it is not
/// installed.
///
/// Not linked: the three bring 134 more libraries along, which cost a subscriber 44 MiB of resident memory in a call that
/// shows no window and opens no camera. The declarations stay OpenCV's own; `trampolines.S` stands in for the functions.
void load_library(const char *name);
