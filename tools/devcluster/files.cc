#include "files.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace devcluster {
namespace {

class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  void Write(const std::string& name, const std::string& content, bool secret = false) {
    if (!status_.ok()) return;
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    // Written next to the file and moved over it: a reader sees the old content or the new.
    const std::string temporary = absl::StrCat(file.string(), ".new");
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    chmod(temporary.c_str(), secret ? 0600 : 0644);
    out << content;
    out.close();
    std::filesystem::rename(temporary, file, error);
    if (!out || error) status_ = absl::InternalError(absl::StrCat("cannot write ", file.string()));
  }
  std::string Path(const std::string& name) const { return (std::filesystem::path(path_) / name).string(); }
  const absl::Status& status() const { return status_; }

 private:
  std::string path_;
  absl::Status status_;
};

using Entry = std::pair<std::string, std::string>;  // context and user name -> the lines of the user

std::string Kubeconfig(const std::string& server, const std::string& ca_line,
                       const std::vector<Entry>& users) {
  std::string text = absl::StrCat(
      "apiVersion: v1\nkind: Config\nclusters:\n- name: devcluster\n  cluster:\n    server: ", server,
      "\n    ", ca_line, "\nusers:\n");
  for (const auto& [name, lines] : users) absl::StrAppend(&text, "- name: ", name, "\n  user:\n", lines);
  absl::StrAppend(&text, "contexts:\n");
  for (const auto& [name, lines] : users) {
    absl::StrAppend(&text, "- name: ", name, "\n  context:\n    cluster: devcluster\n    user: ", name, "\n");
  }
  absl::StrAppend(&text, "current-context: ", users.front().first, "\n");
  return text;
}

}  // namespace

absl::Status WriteFiles(const std::string& path, const Cluster& cluster, const Authority& authority,
                        const Authority& other, const std::string& admin_url) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  Folder folder(std::filesystem::absolute(path, error).string());
  const std::string url = cluster.Url();
  const std::string ca = authority.identity().CertificatePem();
  folder.Write("ca.pem", ca);
  folder.Write("other-ca.pem", other.identity().CertificatePem());

  std::map<std::string, std::string> by_certificate;
  Json users = Json::array();
  for (const User& user : cluster.users()) {
    Json entry = {
        {"name", user.name}, {"group", user.group}, {"may_read", user.may_read}, {"token", user.token}};
    if (!user.password.empty()) {
      entry["password"] = user.password;
      const Identity identity = authority.Issue({.common_name = user.name, .organization = user.group});
      const std::string certificate = identity.CertificatePem(), key = identity.KeyPem();
      folder.Write(absl::StrCat(user.name, ".crt"), certificate);
      folder.Write(absl::StrCat(user.name, ".key"), key, true);
      folder.Write(absl::StrCat(user.name, ".token"), absl::StrCat(user.token, "\n"), true);
      entry["certificate_file"] = folder.Path(absl::StrCat(user.name, ".crt"));
      entry["key_file"] = folder.Path(absl::StrCat(user.name, ".key"));
      entry["token_file"] = folder.Path(absl::StrCat(user.name, ".token"));
      by_certificate[user.name] =
          absl::StrCat("    client-certificate-data: ", absl::Base64Escape(certificate),
                       "\n    client-key-data: ", absl::Base64Escape(key), "\n");
    }
    users.push_back(std::move(entry));
  }
  const User& admin = cluster.users()[0];
  const User& plain = cluster.users()[1];
  const User& atlantis = cluster.users()[2];
  const auto token = [](const User& user) { return absl::StrCat("    token: ", user.token, "\n"); };
  const std::string basic =
      absl::StrCat("    username: ", admin.name, "\n    password: ", admin.password, "\n");
  const std::string ca_data = absl::StrCat("certificate-authority-data: ", absl::Base64Escape(ca));

  folder.Write("kubeconfig-certificate.yaml", Kubeconfig(url, ca_data, {{"admin", by_certificate["admin"]}}),
               true);
  folder.Write("kubeconfig-token.yaml", Kubeconfig(url, ca_data, {{"admin", token(admin)}}), true);
  folder.Write("kubeconfig-basic.yaml", Kubeconfig(url, ca_data, {{"admin", basic}}), true);
  folder.Write("kubeconfig-files.yaml",
               Kubeconfig(url, "certificate-authority: ca.pem",
                          {{"admin", "    client-certificate: admin.crt\n    client-key: admin.key\n"}}),
               true);
  folder.Write("kubeconfig",
               Kubeconfig(url, ca_data,
                          {{"admin", by_certificate["admin"]},
                           {"admin-token", token(admin)},
                           {"admin-basic", basic},
                           {"plain", token(plain)},
                           {"atlantis", token(atlantis)}}),
               true);
  folder.Write("serviceaccount/token", atlantis.token, true);
  folder.Write("serviceaccount/ca.crt", ca);
  folder.Write("serviceaccount/namespace", "atlantis");

  const Json info = {{"url", url},
                     {"public_issuer", cluster.PublicIssuer()},
                     {"admin_url", admin_url},
                     {"ca_file", folder.Path("ca.pem")},
                     {"other_ca_file", folder.Path("other-ca.pem")},
                     {"kubeconfig", folder.Path("kubeconfig")},
                     {"service_account_folder", folder.Path("serviceaccount")},
                     {"users", std::move(users)}};
  // Last: whoever waits for this file finds the others.
  folder.Write("info.json", absl::StrCat(info.dump(2), "\n"), true);
  return folder.status();
}

absl::Status WriteFleet(const std::string& path, const std::vector<const Cluster*>& clusters) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  std::string lists[3] = {"clusters:\n", "users:\n", "contexts:\n"};
  for (size_t i = 0; i < clusters.size(); ++i) {
    const std::string name = absl::StrCat("cluster-", i);
    absl::StrAppend(&lists[0], "- name: ", name, "\n  cluster:\n    server: ", clusters[i]->Url(),
                    "\n    certificate-authority: ", name, "/ca.pem\n");
    const std::string user = i % 2 == 0 ? absl::StrCat("client-certificate: ", name,
                                                       "/admin.crt\n    client-key: ", name, "/admin.key")
                                        : absl::StrCat("token: ", clusters[i]->users()[0].token);
    absl::StrAppend(&lists[1], "- name: ", name, "\n  user:\n    ", user, "\n");
    absl::StrAppend(&lists[2], "- name: ", name, "\n  context:\n    cluster: ", name, "\n    user: ", name,
                    "\n");
  }
  Folder folder(std::filesystem::absolute(path, error).string());
  folder.Write("kubeconfig",
               absl::StrCat("apiVersion: v1\nkind: Config\n", lists[0], lists[1], lists[2],
                            "current-context: cluster-0\n"),
               true);
  return folder.status();
}

}  // namespace devcluster
