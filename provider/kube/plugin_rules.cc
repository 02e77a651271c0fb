#include "kube/plugin_rules.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "json/quote.h"

namespace k8soidc::kube {
namespace {

constexpr absl::string_view kV1 = "client.authentication.k8s.io/v1";
constexpr absl::string_view kV1Beta1 = "client.authentication.k8s.io/v1beta1";
constexpr absl::string_view kV1Alpha1 = "client.authentication.k8s.io/v1alpha1";

bool HasNul(absl::string_view text) { return absl::StrContains(text, '\0'); }

}  // namespace

std::vector<PluginFieldError> CheckPluginFields(
    const ExecPlugin& plugin, const std::function<bool(absl::string_view field)>& is_unknown) {
  std::vector<PluginFieldError> errors;
  const std::string& version = plugin.api_version;
  if (version.empty() && !is_unknown("apiVersion")) {
    errors.push_back({"apiVersion", absl::StrCat("is missing; it is ", kV1, " or ", kV1Beta1)});
  } else if (version == kV1Alpha1) {
    errors.push_back(
        {"apiVersion", absl::StrCat("is ", kV1Alpha1, ", which kubectl no longer takes either; use ", kV1,
                                    " or ", kV1Beta1)});
  } else if (!version.empty() && version != kV1 && version != kV1Beta1) {
    errors.push_back(
        {"apiVersion", absl::StrCat("is ", json::Quoted(version), "; it must be ", kV1, " or ", kV1Beta1)});
  }

  if (plugin.command.empty() && !is_unknown("command")) errors.push_back({"command", "is missing"});
  if (HasNul(plugin.command)) errors.push_back({"command", "has a NUL byte"});
  if (std::any_of(plugin.args.begin(), plugin.args.end(), HasNul)) {
    errors.push_back({"args", "have a NUL byte"});
  }

  for (const auto& [name, value] : plugin.env) {
    if (name.empty()) {
      errors.push_back({"env", "has a variable without a name"});
    } else if (HasNul(name) || absl::StrContains(name, '=')) {
      errors.push_back(
          {"env", absl::StrCat("has the name ", json::Quoted(name), ", which no variable can have")});
    } else if (HasNul(value.Reveal())) {
      errors.push_back({"env", absl::StrCat("has a NUL byte in ", json::Quoted(name))});
    }
  }

  const std::string& mode = plugin.interactive_mode;
  if (mode.empty()) {
    if (version == kV1 && !is_unknown("interactiveMode")) {
      errors.push_back({"interactiveMode",
                        absl::StrCat("is missing, and ", kV1, " requires it: Never, IfAvailable or Always")});
    }
  } else if (mode != "Never" && mode != "IfAvailable" && mode != "Always") {
    errors.push_back({"interactiveMode",
                      absl::StrCat("is ", json::Quoted(mode), "; it must be Never, IfAvailable or Always")});
  }
  return errors;
}

}  // namespace k8soidc::kube
