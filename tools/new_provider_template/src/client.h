#pragma once

#include <string>

// What every read shares: made once from the provider block. A real one would hold a connection; reads come from
// several threads at once.
struct Client {
  std::string greeting;
};
