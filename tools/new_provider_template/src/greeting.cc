#include "greeting.h"

#include "tfsdk/log.h"

absl::StatusOr<Greeting> GreetingDataSource::Read(tfsdk::Context&, Client& client, Greeting config) const {
  // At() puts the error at that line of the user's configuration.
  if (config.name.empty()) return tfsdk::At("name", absl::InvalidArgumentError("Nobody to greet."));
  config.text = client.greeting + ", " + config.name + "!";
  tfsdk::Log(tfsdk::LogLevel::kDebug, "greeted", {{"name", config.name}});
  return config;
}
