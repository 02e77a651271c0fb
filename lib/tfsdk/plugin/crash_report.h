#pragma once

// What is said when the program crashes. Hosts look for a line that starts with "panic: " and show it, and
// what follows, to the user; without one they can only say that the plugin did not respond.

#include <string>

namespace tfsdk::plugin {

// From now on a fatal signal (a fault, or an abort) and std::terminate write a line "panic: …" and the
// addresses of the stack to stderr, and then end the process as before: by that signal. Addresses are
// relative to the program's start, as addr2line takes them. Nothing of the program's data is printed, not
// even an exception's text, because either may hold a secret.
void InstallCrashReport();

// A crash also removes this socket and the directory it lies in. Paths of 200 bytes or more are left alone.
void RemoveOnCrash(const std::string& socket, const std::string& directory);

// No core files, and no reading of this process' memory by other processes of the same user.
void KeepMemoryPrivate();

}  // namespace tfsdk::plugin
