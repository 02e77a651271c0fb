#pragma once

// FieldReader: takes the fields of a kubeconfig out of its tree, each with the type client-go wants, and knows
// how to say where one is wrong.
//
// A field that is absent and one that is null mean the same, here as everywhere in a kubeconfig. All errors
// are kInvalidArgument with source, line, column and field, and never a value.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "kube/kubeconfig.h"
#include "kube/yaml.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

class FieldReader {
 public:
  // `source` must outlive this.
  explicit FieldReader(const KubeconfigSource& source) : source_(source) {}

  absl::Status Error(const YamlNode& node, absl::string_view message) const;
  absl::Status WrongKind(const YamlNode& node, absl::string_view field, absl::string_view wanted) const;

  // "/path/file, line 3, column 5"
  std::string Origin(const YamlNode& node) const;
  // Where each member of `mapping` is; `prefix` goes before the names.
  void AddOrigins(const YamlNode& mapping, absl::string_view prefix, FieldOrigins& origins) const;

  // The member, unless it is absent or null.
  static const YamlNode* Find(const YamlNode& parent, absl::string_view field);

  absl::Status String(const YamlNode& parent, absl::string_view field, std::string& value) const;
  absl::Status Secret(const YamlNode& parent, absl::string_view field, tfsdk::Secret& value) const;
  absl::Status Bool(const YamlNode& parent, absl::string_view field, bool& value) const;
  // A file's name; a relative one starts at the directory of the kubeconfig.
  absl::Status File(const YamlNode& parent, absl::string_view field, std::string& value) const;
  // A command: relative to the kubeconfig like a file's name, unless it is a bare name.
  absl::Status Command(const YamlNode& parent, absl::string_view field, std::string& value) const;
  // base64, decoded.
  absl::Status Data(const YamlNode& parent, absl::string_view field, std::string& value) const;
  absl::Status Strings(const YamlNode& parent, absl::string_view field,
                       std::vector<std::string>& value) const;
  absl::Status StringLists(const YamlNode& parent, absl::string_view field,
                           std::map<std::string, std::vector<std::string>>& value) const;
  // Calls `read` with each entry of a list of mappings; null entries are left out when `skip_null`, and are
  // empty mappings otherwise.
  absl::Status Mappings(const YamlNode& parent, absl::string_view field, bool skip_null,
                        const std::function<absl::Status(const YamlNode&)>& read) const;
  // Sets `node` to the mapping, or to null.
  absl::Status Mapping(const YamlNode& parent, absl::string_view field, const YamlNode*& node) const;

 private:
  absl::Status ResolveFrom(const YamlNode& node, absl::string_view field, std::string& value) const;
  absl::Status ListOf(const YamlNode& node, absl::string_view field, std::vector<std::string>& value) const;

  const KubeconfigSource& source_;
};

}  // namespace k8soidc::kube
