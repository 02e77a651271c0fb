// The C++ twin: the same provider as ../twin, which is made with HashiCorp's plugin framework, made with tfsdk. The
// runner sends both the same requests. Both keep nothing: what a resource "is" follows from the request alone.
//
// TWIN_PROTOCOL=5 leaves out what has nested attributes, and serves protocol 5.

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "blocks.h"
#include "collections.h"
#include "data_sources.h"
#include "dynamic.h"
#include "failing.h"
#include "functions.h"
#include "identity.h"
#include "nested.h"
#include "planned.h"
#include "scalars.h"
#include "semantic.h"
#include "tfsdk/provider.h"
#include "tfsdk/serve.h"
#include "versioned.h"
#include "write_only.h"

namespace twin {
namespace {

struct Limit {
  std::string what;
  std::optional<int64_t> most;
  static ObjectBinding<Limit> Describe() {
    return ObjectBinding<Limit>("A limit.")
        .Required("what", &Limit::what, "Of what.")
        .Optional("most", &Limit::most, "How many.");
  }
};

struct Config {
  tfsdk::Maybe<std::string> endpoint, mode;
  tfsdk::Maybe<int64_t> retries;
  tfsdk::Maybe<tfsdk::Secret> token;
  tfsdk::Maybe<bool> legacy;
  tfsdk::Maybe<std::map<std::string, std::optional<std::string>>> tags;
  std::vector<Limit> limits;

  static ObjectBinding<Config> Describe() {
    return ObjectBinding<Config>("One of two that are alike.")
        .Optional("endpoint", &Config::endpoint, "Where to.", {tfsdk::LengthAtLeast(1)})
        .Optional("mode", &Config::mode, "How.", {tfsdk::OneOf({"fast", "slow"})})
        .Optional("retries", &Config::retries, "How often.", {tfsdk::Between(0, 10)})
        .Optional("token", &Config::token, "Who.", {tfsdk::PlainDescription()})
        .Optional("legacy", &Config::legacy, "As before.", {tfsdk::Deprecated("Leave it out.")})
        .Optional("tags", &Config::tags, "Words.")
        .Blocks("limit", &Config::limits)
        .With({tfsdk::SizeAtMost(2)});
  }
};

absl::Status Validate(tfsdk::Context&, const Config& config) {
  if (config.mode.known() == "slow" && config.retries.known().value_or(0) > 5) {
    return tfsdk::At("retries", absl::InvalidArgumentError("That would take too long."));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Client>> Configure(tfsdk::Context&, Config config) {
  if (config.endpoint.known() == "nowhere")
    return tfsdk::At("endpoint", absl::NotFoundError("There is nothing there."));
  return std::make_shared<Client>(Client{absl::StrCat("from ", config.endpoint.known().value_or(""))});
}

tfsdk::Provider MakeProvider(bool nested) {
  auto builder = tfsdk::ProviderBuilder<Config, Client>("twin", &Configure)
                     .Validate(&Validate)
                     .Add<Scalars>("scalars")
                     .Add<Collections>("collections")
                     .Add<Blocks>("blocks")
                     .Add<Planned>("planned")
                     .Add<Identified>("identity")
                     .Add<Versioned>("versioned")
                     .Add<WriteOnlyResource>("write_only")
                     .Add<Semantic>("semantic")
                     .Add<Dynamic>("dynamic")
                     .Add<Failing>("failing")
                     .Add<Echo>("echo")
                     .Add<Sections>("sections")
                     .Add<Trouble>("trouble")
                     .Add<Join>("join")
                     .Add<OrElse>("or_else")
                     .Add<IsKnown>("is_known")
                     .Add<Same>("same")
                     .Add<Sum>("sum")
                     .Add<Swap>("swap")
                     .Add<Half>("half")
                     .Add<Lengths>("lengths");
  if (!nested) return std::move(builder).Build();
  return std::move(builder).Add<Nested>("nested").Add<Lookup>("lookup").Build();
}

}  // namespace
}  // namespace twin

int main(int argc, char** argv) {
  const char* wanted = std::getenv("TWIN_PROTOCOL");
  const int protocol = wanted != nullptr && std::string(wanted) == "5" ? 5 : 6;
  return tfsdk::Serve(twin::MakeProvider(protocol == 6),
                      {.address = "registry.terraform.io/example/twin", .protocol_version = protocol}, argc,
                      argv);
}
