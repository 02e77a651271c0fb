// A whole provider: one data source that greets. The README quotes this file.
#include "tfsdk/data_source.h"
#include "tfsdk/provider.h"
#include "tfsdk/serve.h"

struct Config {
  std::optional<std::string> greeting;

  static tfsdk::ObjectBinding<Config> Describe() {
    return tfsdk::ObjectBinding<Config>("Greets.").Optional("greeting", &Config::greeting,
                                                            "Default: \"Hello\".");
  }
};

struct Greeter {  // The client: made once from the provider block, handed to every read.
  std::string greeting;
};

struct Greeting {
  std::string name;
  std::string text;

  static tfsdk::ObjectBinding<Greeting> Describe() {
    return tfsdk::ObjectBinding<Greeting>("A greeting.")
        .Required("name", &Greeting::name, "Whom to greet.")
        .Computed("text", &Greeting::text, "The greeting.");
  }
};

class GreetingDataSource final : public tfsdk::DataSource<Greeting, Greeter> {
 public:
  absl::StatusOr<Greeting> Read(tfsdk::Context&, Greeter& greeter, Greeting config) const override {
    if (config.name.empty()) return tfsdk::At("name", absl::InvalidArgumentError("Nobody to greet."));
    config.text = greeter.greeting + ", " + config.name + "!";
    return config;
  }
};

absl::StatusOr<std::shared_ptr<Greeter>> Configure(tfsdk::Context&, Config config) {
  return std::make_shared<Greeter>(Greeter{config.greeting.value_or("Hello")});
}

int main(int argc, char** argv) {
  tfsdk::Provider provider = tfsdk::ProviderBuilder<Config, Greeter>("minimal", &Configure)
                                 .Add<GreetingDataSource>("greeting")  // data "minimal_greeting"
                                 .Build();
  return tfsdk::Serve(std::move(provider), {.address = "registry.terraform.io/example/minimal"}, argc, argv);
}
