#include "http/system_roots.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "http/http.h"
#include "http/openssl_pem.h"
#include "tfsdk/status.h"

namespace k8soidc::http {
namespace {

constexpr off_t kMaxFileBytes = off_t{16} << 20;
constexpr size_t kMaxDirectoryEntries = 10000;

absl::Status Refuse(absl::string_view message) {
  return ErrorWithReason(absl::StatusCode::kFailedPrecondition, "tls_config", message);
}

// A regular file's text. Opening never blocks, whatever the name turns out to be.
absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Refuse(absl::StrCat(path, " cannot be read: ", std::strerror(errno)));
  struct stat info = {};
  std::string text;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= kMaxFileBytes) {
    text.resize(static_cast<size_t>(info.st_size));
    size_t done = 0;
    ssize_t got = 1;
    while (done < text.size() && got > 0) {
      got = read(fd, text.data() + done, text.size() - done);
      if (got > 0) done += static_cast<size_t>(got);
    }
    text.resize(done);
  }
  close(fd);
  if (text.empty()) return Refuse(absl::StrCat(path, " cannot be read: no regular file of 1 byte to 16 MiB"));
  return text;
}

std::vector<std::string> EntriesOf(const std::string& directory) {
  std::vector<std::string> entries;
  DIR* const open_directory = opendir(directory.c_str());
  if (open_directory == nullptr) return entries;
  while (const dirent* const entry = readdir(open_directory)) {
    if (entry->d_name[0] != '.' && entries.size() < kMaxDirectoryEntries) {
      entries.push_back(absl::StrCat(directory, "/", entry->d_name));
    }
  }
  closedir(open_directory);
  std::sort(entries.begin(), entries.end());
  return entries;
}

// Adds what can be parsed; returns how many.
size_t AddAll(absl::string_view pem, X509_STORE* store) {
  const auto certificates = CertificatesFromPem(pem, "", /*lenient=*/true);
  if (!certificates.ok()) return 0;
  for (const OpenSslPtr<X509>& certificate : *certificates) X509_STORE_add_cert(store, certificate.get());
  return certificates->size();
}

std::shared_ptr<x509_store_st> NewStore() {
  return std::shared_ptr<x509_store_st>(X509_STORE_new(), OpenSslDelete());
}

}  // namespace

absl::StatusOr<std::shared_ptr<x509_store_st>> StoreFromPem(absl::string_view pem, absl::string_view what) {
  TFSDK_ASSIGN_OR_RETURN(const std::vector<OpenSslPtr<X509>> certificates,
                         CertificatesFromPem(pem, what, /*lenient=*/false));
  std::shared_ptr<x509_store_st> store = NewStore();
  for (const OpenSslPtr<X509>& certificate : certificates) {
    if (store == nullptr || X509_STORE_add_cert(store.get(), certificate.get()) != 1) {
      ERR_clear_error();
      return ErrorWithReason(absl::StatusCode::kInvalidArgument, "tls_config",
                             absl::StrCat(what, " cannot be used."));
    }
  }
  return store;
}

absl::StatusOr<TrustStore> SystemRoots::Get() {
  absl::MutexLock lock(&mutex_);
  if (loaded_.store != nullptr) return loaded_;

  const std::shared_ptr<x509_store_st> store = NewStore();
  if (store == nullptr) return Refuse("There is no memory for the system's certificates.");
  std::vector<std::string> sources;
  if (!paths_.ssl_cert_file.empty()) {
    // Named on purpose, so a file that does not serve is an error and not a reason to trust others.
    absl::StatusOr<std::string> text = ReadFile(paths_.ssl_cert_file);
    if (!text.ok()) return tfsdk::Annotate(text.status(), "SSL_CERT_FILE");
    if (AddAll(*text, store.get()) == 0) {
      return Refuse(absl::StrCat("SSL_CERT_FILE: ", paths_.ssl_cert_file, " holds no certificate in PEM."));
    }
    sources.push_back(paths_.ssl_cert_file);
  } else {
    for (const std::string& path : paths_.files) {
      const absl::StatusOr<std::string> text = ReadFile(path);
      if (!text.ok() || AddAll(*text, store.get()) == 0) continue;
      sources.push_back(path);
      break;
    }
  }
  std::vector<std::string> directories;
  if (!paths_.ssl_cert_dir.empty()) {
    directories = absl::StrSplit(paths_.ssl_cert_dir, ':', absl::SkipEmpty());
  } else if (sources.empty()) {
    directories = paths_.directories;
  }
  for (const std::string& directory : directories) {
    size_t found = 0;
    for (const std::string& path : EntriesOf(directory)) {
      const absl::StatusOr<std::string> text = ReadFile(path);
      if (text.ok()) found += AddAll(*text, store.get());
    }
    if (found > 0) sources.push_back(directory);
  }
  if (sources.empty()) {
    std::vector<std::string> places = paths_.files;
    places.insert(places.end(), directories.begin(), directories.end());
    return Refuse(absl::StrCat("This machine has no trusted certificate authorities (looked at ",
                               absl::StrJoin(places, ", "),
                               "). Install ca-certificates, set SSL_CERT_FILE, or give the CA certificate."));
  }
  loaded_ = {store, absl::StrCat("the authorities this machine trusts (", absl::StrJoin(sources, ", "), ")")};
  return loaded_;
}

}  // namespace k8soidc::http
