#include "provider.h"

#include <memory>
#include <optional>
#include <string>

#include "client.h"
#include "greeting.h"

namespace {

// The provider block.
struct Config {
  std::optional<std::string> greeting;

  static tfsdk::ObjectBinding<Config> Describe() {
    return tfsdk::ObjectBinding<Config>("Greets.").Optional("greeting", &Config::greeting,
                                                            "How to greet. Default: \"Hello\".");
  }
};

absl::StatusOr<std::shared_ptr<Client>> Configure(tfsdk::Context&, Config config) {
  return std::make_shared<Client>(Client{config.greeting.value_or("Hello")});
}

}  // namespace

tfsdk::Provider MakeProvider() {
  return tfsdk::ProviderBuilder<Config, Client>("@NAME@", &Configure)
      .Add<GreetingDataSource>("greeting")  // data "@NAME@_greeting"
      .Build();
}
