#pragma once

// Cluster: what the API server knows and may be told to do. Everything that can change while it runs is here.

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "faults.h"
#include "keys.h"

namespace devcluster {

// Someone the API server knows by a token, a password or a client certificate (whose common name is `name`).
struct User {
  std::string name;
  std::string group;
  std::string token;
  std::string password;  // Empty: none.
  // Whether a role binding lets the user read the discovery document and the keys.
  bool may_read = false;
};

// One request as the API server saw it: for tests that ask what was sent, and to whom. No credential is kept.
struct SeenRequest {
  std::string method;
  std::string path;
  std::string accept;
  std::string credential;   // "bearer", "basic", "certificate" or "none"
  std::string user;         // Who that was; empty when it was nobody known.
  std::string server_name;  // The TLS server name asked for; may be empty.
  Json impersonated;        // The Impersonate-… headers by name, in lower case, each with its values.
  std::string note;         // The header X-Note, which no one but a test sends.
  int connection = 0;       // Requests over one connection share the number.
  int status = 0;
};

// Safe from any thread.
class Cluster {
 public:
  // `kinds`: the signing keys to start with. InvalidArgument for an unknown kind.
  static absl::StatusOr<std::unique_ptr<Cluster>> Create(const std::vector<std::string>& kinds);

  // What an admin may say; each is a verb of admin.h.
  absl::Status Rotate(absl::string_view kind, int replica);  // `replica` < 0: all of them
  absl::Status Add(absl::string_view kind, int replica);
  absl::Status Remove(absl::string_view kid);
  // Names: see kSettings in cluster.cc. InvalidArgument for others.
  absl::Status Set(const std::string& name, const std::string& value);
  void SetFault(Fault fault);
  void ClearFault();
  Json State() const;

  // The fault for a request about `target`, counted down when it has a number of times. No fault: a default
  // Fault.
  Fault TakeFault(absl::string_view target);
  // The TLS fault for a new connection; empty for none.
  std::string TakeTlsFault();

  // Which replica answers on connection number `connection`.
  int ReplicaOf(int connection) const;
  // The two documents, as the replica writes them.
  std::string Discovery(int replica) const;
  std::string Keys(int replica) const;
  // The same for the issuer that anyone may ask, whose URL is PublicIssuer().
  std::string PublicDiscovery(int replica) const;
  // The documents as JSON, for making broken ones of them.
  Json KeysJson(int replica) const;
  Json DiscoveryJson() const;
  // A signing key with its private half.
  Json FirstPrivateJwk() const;

  // Called once, when the port is known: the default for issuer and jwks_uri.
  void SetUrl(const std::string& url);
  std::string Url() const;
  std::string PublicIssuer() const;
  // "forbidden" (403), "off" (401) or "allowed" (200): what a request without credentials gets.
  std::string Anonymous() const;

  const std::vector<User>& users() const { return users_; }
  const User* FindByToken(absl::string_view token) const;
  const User* FindByPassword(absl::string_view name, absl::string_view password) const;
  const User* FindByName(absl::string_view name) const;

  void Record(SeenRequest request);
  Json Requests(bool forget);

 private:
  struct SigningKey {
    KeyPtr key;
    std::string kind;
    std::set<int> replicas;  // Those that know it; empty: all.
  };

  Cluster() = default;
  Json KeysLocked(int replica) const;
  Json DiscoveryLocked() const;

  std::vector<User> users_;  // Fixed once made.
  mutable std::mutex mutex_;
  std::vector<SigningKey> keys_;
  std::map<std::string, std::string> settings_;
  Fault fault_;
  bool has_fault_ = false;
  std::string url_;
  std::vector<SeenRequest> seen_;
};

// `document` as replica number `replica` writes it. Replica 0 is compact, like a real API server; the others
// order the members and the keys in another way, and use other white space and escapes, for the same content.
std::string Written(const Json& document, int replica);

}  // namespace devcluster
