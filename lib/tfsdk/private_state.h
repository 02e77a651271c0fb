#pragma once

// PrivateState: what a resource remembers between calls without showing it to the user.

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tfsdk {

// Texts by name, stored by Terraform beside the state of one object and handed back with the next call about
// it. Not secret: it lies in the state file in clear. Keep it small. Used by the thread that serves the call.
//
// On the wire it is what HashiCorp's Go framework writes, so that a provider that moves from Go finds its data:
// a JSON object whose values are base64; names that begin with a point are the library's own.
class PrivateState {
 public:
  // The data of `bytes`; none for no bytes, and for the other form of a JSON object that older Go providers
  // left. InvalidArgument for anything else.
  static absl::StatusOr<PrivateState> Parse(absl::string_view bytes);
  // Empty when there is nothing to remember.
  std::string Serialize() const;

  // Empty when there is none of that name.
  std::string Get(absl::string_view name) const;
  // Text that is not UTF-8, and names that begin with a point, are mistakes of the author and abort. An empty
  // text takes the name away.
  void Set(absl::string_view name, std::string text);

  // For the library itself: marks between its own calls.
  bool HasMark(absl::string_view name) const;
  void SetMark(absl::string_view name, bool there);

 private:
  std::map<std::string, std::string, std::less<>> entries_;
};

}  // namespace tfsdk
