#pragma once

#include "tfsdk/provider.h"

// All that the provider offers. A new data source is one more line in provider.cc.
tfsdk::Provider MakeProvider();
