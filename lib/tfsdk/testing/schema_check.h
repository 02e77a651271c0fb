#pragma once

// The one unit test that finds mistakes in the schemas of a provider, before Terraform does:
//
//   TEST(MyProvider, HasValidSchemas) { ExpectValidSchemas(&MakeProvider); }

#include <functional>
#include <string>
#include <vector>

#include "tfsdk/provider.h"

namespace tfsdk::testing {

// What is wrong with the provider that `make` builds: one readable line for each mistake, which names the resource (or
// data source, …) and the attribute. `make` runs in a child process, as ProviderBuilder::Build and Describe abort on
// what an author did wrong.
std::vector<std::string> SchemaMistakes(const std::function<Provider()>& make);

// Fails the test once for each of them.
void ExpectValidSchemas(const std::function<Provider()>& make);

}  // namespace tfsdk::testing
