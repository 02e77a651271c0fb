#pragma once

#include "tfsdk/provider.h"

// Everything that this provider offers. main() serves it; unit tests drive it (tests/examples/files_test.cc).
tfsdk::Provider MakeFilesProvider();
