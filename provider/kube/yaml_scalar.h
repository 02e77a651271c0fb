#pragma once

// Which type a YAML scalar has, decided as client-go's parser decides it.
//
// It follows YAML 1.1 with exceptions of its own: y, yes, on and TRUE are booleans; 0123, 0x1F, 0b101 and
// 1_000 are numbers; but 1:30 and 2001-01-01 stay strings. It matters because a token that looks like a
// number must be refused, as kubectl does, and not sent in a form that somebody guessed.

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "kube/yaml.h"

namespace k8soidc::kube {

// Sets kind, boolean and text of `node` from a scalar's text. `tag` is empty or the full tag ("!foo",
// "tag:yaml.org,2002:str"); `plain` says that the scalar was neither quoted nor a block. Tags that YAML does
// not define make a string. kInvalidArgument, without position, when tag and text contradict each other, and
// for infinity and "not a number", which JSON does not have.
absl::Status SetScalar(absl::string_view tag, bool plain, std::string text, YamlNode& node);

}  // namespace k8soidc::kube
