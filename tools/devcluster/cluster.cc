#include "cluster.h"

#include <openssl/rand.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace devcluster {
namespace {

// What `set` takes, with the values at start. Empty issuer and jwks_uri: made from the server's own URL.
const std::map<std::string, std::string>& Defaults() {
  static const auto* const defaults = new std::map<std::string, std::string>{
      {"replica", "0"},   // The replica that answers.
      {"replicas", "0"},  // More than 0: connection n is answered by replica n modulo this.
      {"anonymous", "forbidden"}, {"issuer", "https://kubernetes.default.svc.cluster.local"},
      {"jwks_uri", ""},
  };
  return *defaults;
}

std::string RandomWord(absl::string_view prefix) {
  std::string bytes(16, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return absl::StrCat(prefix, "-", absl::BytesToHexString(bytes));
}

Json Reordered(const Json& value, int turn) {
  if (value.is_array()) {
    Json result = Json::array();
    for (const Json& element : value) result.push_back(Reordered(element, turn));
    if (turn % 2 == 1) std::reverse(result.begin(), result.end());
    if (turn > 1 && !result.empty())
      std::rotate(result.begin(), result.begin() + turn % result.size(), result.end());
    return result;
  }
  if (!value.is_object()) return value;
  std::vector<std::pair<std::string, Json>> members;
  for (const auto& [name, member] : value.items()) members.emplace_back(name, Reordered(member, turn));
  if (!members.empty()) {
    std::rotate(members.begin(), members.begin() + turn % members.size(), members.end());
    if (turn % 2 == 0) std::reverse(members.begin(), members.end());
  }
  Json result = Json::object();
  for (auto& [name, member] : members) result[name] = std::move(member);
  return result;
}

}  // namespace

std::string Written(const Json& document, int replica) {
  if (replica == 0) return document.dump();
  const Json other = Reordered(document, replica);
  switch (replica % 3) {
    case 1:
      return absl::StrCat(other.dump(2), "\n");
    case 2:
      return absl::StrReplaceAll(other.dump(0), {{"\n", " "}, {"/", "\\/"}});
    default:
      // No number of ours has a minus sign, so every one of these characters is in a string.
      return absl::StrCat(
          "\r\n", absl::StrReplaceAll(other.dump(1, '\t'), {{"-", "\\u002d"}, {"_", "\\u005F"}}), "\r\n");
  }
}

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::Create(const std::vector<std::string>& kinds) {
  std::unique_ptr<Cluster> cluster(new Cluster);
  cluster->settings_ = Defaults();
  for (const std::string& kind : kinds) {
    if (absl::Status added = cluster->Add(kind, -1); !added.ok()) return added;
  }
  cluster->users_ = {
      {"admin", "system:masters", RandomWord("admin-token"), RandomWord("admin-password"), true},
      {"plain", "users", RandomWord("plain-token"), RandomWord("plain-password"), false},
      {"system:serviceaccount:atlantis:atlantis", "system:serviceaccounts", RandomWord("atlantis-token"), "",
       true},
  };
  return cluster;
}

absl::Status Cluster::Add(absl::string_view kind, int replica) {
  absl::StatusOr<KeyPtr> key = GenerateKey(kind);
  if (!key.ok()) return key.status();
  std::lock_guard lock(mutex_);
  SigningKey added{*std::move(key), std::string(kind), {}};
  if (replica >= 0) added.replicas.insert(replica);
  keys_.push_back(std::move(added));
  return absl::OkStatus();
}

absl::Status Cluster::Rotate(absl::string_view kind, int replica) {
  std::string wanted(kind);
  {
    std::lock_guard lock(mutex_);
    if (keys_.empty()) return absl::FailedPreconditionError("there is no key to rotate");
    if (wanted.empty()) wanted = keys_.front().kind;
  }
  if (absl::Status added = Add(wanted, replica); !added.ok()) return added;
  std::lock_guard lock(mutex_);
  if (replica < 0) {
    keys_.erase(keys_.begin());
  } else {
    // Only this replica has heard of it: the others go on with the old key.
    SigningKey& old = keys_.front();
    if (old.replicas.empty()) old.replicas = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    old.replicas.erase(replica);
  }
  return absl::OkStatus();
}

absl::Status Cluster::Remove(absl::string_view kid) {
  std::lock_guard lock(mutex_);
  const auto found = std::find_if(keys_.begin(), keys_.end(), [kid](const SigningKey& key) {
    return PublicJwk(key.key.get())["kid"] == std::string(kid);
  });
  if (found == keys_.end()) return absl::NotFoundError(absl::StrCat("there is no key ", kid));
  keys_.erase(found);
  return absl::OkStatus();
}

absl::Status Cluster::Set(const std::string& name, const std::string& value) {
  int number = 0;
  if (Defaults().count(name) == 0)
    return absl::InvalidArgumentError(absl::StrCat("no setting is called ", name));
  if ((name == "replica" || name == "replicas") &&
      (!absl::SimpleAtoi(value, &number) || number < 0 || number > 9)) {
    return absl::InvalidArgumentError(absl::StrCat(name, " is a number from 0 to 9"));
  }
  if (name == "anonymous" && value != "forbidden" && value != "off" && value != "allowed") {
    return absl::InvalidArgumentError("anonymous is forbidden, off or allowed");
  }
  std::lock_guard lock(mutex_);
  settings_[name] = value;
  return absl::OkStatus();
}

void Cluster::SetFault(Fault fault) {
  std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
  has_fault_ = true;
}

void Cluster::ClearFault() {
  std::lock_guard lock(mutex_);
  has_fault_ = false;
}

Fault Cluster::TakeFault(absl::string_view target) {
  std::lock_guard lock(mutex_);
  if (!has_fault_ || !fault_.tls.empty() || fault_.times == 0) return {};
  if (fault_.target != "all" && fault_.target != target) return {};
  if (fault_.times > 0) --fault_.times;
  return fault_;
}

std::string Cluster::TakeTlsFault() {
  std::lock_guard lock(mutex_);
  if (!has_fault_ || fault_.tls.empty() || fault_.times == 0) return {};
  if (fault_.times > 0) --fault_.times;
  return fault_.tls;
}

int Cluster::ReplicaOf(int connection) const {
  std::lock_guard lock(mutex_);
  const int replicas = std::stoi(settings_.at("replicas"));
  return replicas > 0 ? connection % replicas : std::stoi(settings_.at("replica"));
}

Json Cluster::KeysLocked(int replica) const {
  Json keys = Json::array();
  for (const SigningKey& key : keys_) {
    if (key.replicas.empty() || key.replicas.count(replica) > 0) keys.push_back(PublicJwk(key.key.get()));
  }
  return {{"keys", std::move(keys)}};
}

Json Cluster::DiscoveryLocked() const {
  std::set<std::string> algorithms;
  for (const SigningKey& key : keys_) algorithms.insert(PublicJwk(key.key.get())["alg"].get<std::string>());
  const std::string& jwks_uri = settings_.at("jwks_uri");
  return {{"issuer", settings_.at("issuer")},
          {"jwks_uri", jwks_uri.empty() ? absl::StrCat(url_, "/openid/v1/jwks") : jwks_uri},
          {"response_types_supported", {"id_token"}},
          {"subject_types_supported", {"public"}},
          {"id_token_signing_alg_values_supported", algorithms}};
}

Json Cluster::KeysJson(int replica) const {
  std::lock_guard lock(mutex_);
  return KeysLocked(replica);
}

Json Cluster::DiscoveryJson() const {
  std::lock_guard lock(mutex_);
  return DiscoveryLocked();
}

Json Cluster::FirstPrivateJwk() const {
  std::lock_guard lock(mutex_);
  return keys_.empty() ? Json::object() : PrivateJwk(keys_.front().key.get());
}

std::string Cluster::Keys(int replica) const { return Written(KeysJson(replica), replica); }

std::string Cluster::Discovery(int replica) const { return Written(DiscoveryJson(), replica); }

std::string Cluster::PublicDiscovery(int replica) const {
  Json document = DiscoveryJson();
  document["issuer"] = PublicIssuer();
  document["jwks_uri"] = absl::StrCat(PublicIssuer(), "/keys");
  return Written(document, replica);
}

void Cluster::SetUrl(const std::string& url) {
  std::lock_guard lock(mutex_);
  url_ = url;
}

std::string Cluster::Url() const {
  std::lock_guard lock(mutex_);
  return url_;
}

std::string Cluster::PublicIssuer() const { return absl::StrCat(Url(), "/public"); }

std::string Cluster::Anonymous() const {
  std::lock_guard lock(mutex_);
  return settings_.at("anonymous");
}

const User* Cluster::FindByToken(absl::string_view token) const {
  for (const User& user : users_) {
    if (user.token == token) return &user;
  }
  return nullptr;
}

const User* Cluster::FindByPassword(absl::string_view name, absl::string_view password) const {
  const User* user = FindByName(name);
  return user != nullptr && !user->password.empty() && user->password == password ? user : nullptr;
}

const User* Cluster::FindByName(absl::string_view name) const {
  for (const User& user : users_) {
    if (user.name == name) return &user;
  }
  return nullptr;
}

Json Cluster::State() const {
  std::lock_guard lock(mutex_);
  Json keys = Json::array();
  for (const SigningKey& key : keys_) {
    Json entry = {{"kid", PublicJwk(key.key.get())["kid"]}, {"kind", key.kind}};
    if (!key.replicas.empty()) entry["replicas"] = key.replicas;
    keys.push_back(std::move(entry));
  }
  return {{"url", url_},
          {"keys", std::move(keys)},
          {"settings", settings_},
          {"fault", has_fault_ && fault_.times != 0 ? fault_.description : ""},
          {"requests", seen_.size()}};
}

void Cluster::Record(SeenRequest request) {
  constexpr size_t kMost = 10000;
  std::lock_guard lock(mutex_);
  if (seen_.size() < kMost) seen_.push_back(std::move(request));
}

Json Cluster::Requests(bool forget) {
  std::lock_guard lock(mutex_);
  Json list = Json::array();
  for (const SeenRequest& seen : seen_) {
    list.push_back({{"method", seen.method},
                    {"path", seen.path},
                    {"accept", seen.accept},
                    {"credential", seen.credential},
                    {"user", seen.user},
                    {"server_name", seen.server_name},
                    {"impersonated", seen.impersonated},
                    {"note", seen.note},
                    {"connection", seen.connection},
                    {"status", seen.status}});
  }
  if (forget) seen_.clear();
  return list;
}

}  // namespace devcluster
