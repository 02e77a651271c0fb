#pragma once

// A provider for the library's own tests: a block, nested objects, warnings, errors, slow reads and
// misbehaviour on request.

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tfsdk/provider.h"
#include "tfsdk/validators.h"

namespace tfsdk::testing {

struct GreeterConfig {
  Maybe<std::string> greeting;
  Maybe<Secret> password;

  static ObjectBinding<GreeterConfig> Describe() {
    return ObjectBinding<GreeterConfig>("Greets.")
        .Optional("greeting", &GreeterConfig::greeting, "How.", {NotEmpty()})
        .Optional("password", &GreeterConfig::password, "For nothing.");
  }
};

struct Greeter {
  std::string greeting;
};

struct Letter {
  std::string text;

  static ObjectBinding<Letter> Describe() {
    return ObjectBinding<Letter>("One letter.").Computed("text", &Letter::text, "");
  }
};

struct Greeting {
  std::string name;
  std::optional<Number> times;
  std::string text;
  std::vector<Letter> letters;

  static ObjectBinding<Greeting> Describe() {
    return ObjectBinding<Greeting>("A greeting.")
        .Required("name", &Greeting::name, "Whom.")
        .Optional("times", &Greeting::times, "How often.")
        .Computed("text", &Greeting::text, "The greeting.")
        .Computed("letters", &Greeting::letters, "The name's letters.");
  }
};

// What it does depends on the name it is given.
class GreetingDataSource final : public DataSource<Greeting, Greeter> {
 public:
  absl::StatusOr<Greeting> Read(Context& context, Greeter& greeter, Greeting config) const override {
    if (config.name == "nobody") return At("name", absl::NotFoundError("There is nobody."));
    if (config.name == "thrower") throw std::runtime_error("a secret that must not be shown");
    if (config.name == "shy") context.diagnostics().AddWarning("Shy", "Speak softly.", "name");
    if (config.name == "sleeper") {
      if (!context.cancel().SleepFor(std::chrono::minutes(1)))
        return absl::CancelledError("The read was cancelled.");
    }
    config.text = greeter.greeting + ", " + config.name;
    for (const char c : config.name) config.letters.push_back({std::string(1, c)});
    return config;
  }
};

inline Provider MakeGreeterProvider() {
  return ProviderBuilder<GreeterConfig, Greeter>(
             "greeter",
             +[](Context&, GreeterConfig config) -> absl::StatusOr<std::shared_ptr<Greeter>> {
               return std::make_shared<Greeter>(Greeter{config.greeting.known().value_or("Hello")});
             })
      .Validate(+[](Context&, const GreeterConfig& config) -> absl::Status {
        if (config.greeting.HasValue() && config.greeting.value() == "Boo") {
          return At("greeting", absl::InvalidArgumentError("Be friendly."));
        }
        return absl::OkStatus();
      })
      .Add<GreetingDataSource>("greeting")
      .Build();
}

}  // namespace tfsdk::testing
