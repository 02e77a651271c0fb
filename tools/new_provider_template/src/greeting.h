#pragma once

#include <string>

#include "client.h"
#include "tfsdk/data_source.h"

// The attributes of data "@NAME@_greeting": one declaration is schema, decoder and encoder.
struct Greeting {
  std::string name;
  std::string text;

  static tfsdk::ObjectBinding<Greeting> Describe() {
    return tfsdk::ObjectBinding<Greeting>("A greeting.")
        .Required("name", &Greeting::name, "Whom to greet.")
        .Computed("text", &Greeting::text, "The greeting.");
  }
};

class GreetingDataSource final : public tfsdk::DataSource<Greeting, Client> {
 public:
  absl::StatusOr<Greeting> Read(tfsdk::Context& context, Client& client, Greeting config) const override;
};
