#include "support/plugin_host.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <random>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "grpc_controller.grpc.pb.h"

extern char** environ;

namespace tfsdk::testing {
namespace {

using Clock = std::chrono::steady_clock;

std::string Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string PemOf(const std::string& der) {
  const auto* start = reinterpret_cast<const unsigned char*>(der.data());
  X509* certificate = d2i_X509(nullptr, &start, static_cast<long>(der.size()));
  if (certificate == nullptr) return "";
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  std::string pem = Contents(bio);
  BIO_free(bio);
  X509_free(certificate);
  return pem;
}

// Waits up to `timeout` for `ready`, asking often.
template <class Ready>
bool Await(std::chrono::milliseconds timeout, const Ready& ready) {
  const auto end = Clock::now() + timeout;
  while (!ready()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

struct Pipe {
  int out = -1;
  int in = -1;
};
Pipe MakePipe() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  return {ends[0], ends[1]};
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

HostCertificate MakeHostCertificate(const char* curve) {
  EVP_PKEY* key = EVP_EC_gen(curve);
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), static_cast<long>(std::random_device()()) + 1);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("Host"), -1, -1,
                             0);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"),
                             -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -30);
  X509_time_adj_ex(X509_getm_notAfter(certificate), 10957, 0, nullptr);
  X509_set_pubkey(certificate, key);
  const std::pair<int, const char*> extensions[] = {
      {NID_key_usage, "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign"},
      {NID_ext_key_usage, "clientAuth,serverAuth"},
      {NID_basic_constraints, "critical,CA:TRUE"},
      {NID_subject_alt_name, "DNS:localhost"}};
  for (const auto& [nid, value] : extensions) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(certificate, key, EVP_sha512());

  HostCertificate result;
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  result.pem = Contents(bio);
  BIO_free(bio);
  bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  result.private_key_pem = Contents(bio);
  BIO_free(bio);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return result;
}

int HandshakeFields::version() const {
  int version = -1;
  return absl::SimpleAtoi(fields[1], &version) ? version : -1;
}

std::string HandshakeFields::certificate_der() const {
  std::string der;
  return absl::Base64Unescape(fields[5], &der) ? der : "";
}

PluginHost::PluginHost(Options options) : options_(std::move(options)), certificate_(MakeHostCertificate()) {}

PluginHost::~PluginHost() {
  KillParent();
  if (pid_ > 0 && !exit_.has_value()) {
    kill(pid_, SIGKILL);
    Wait();
  }
  for (std::thread& reader : readers_) reader.join();
  if (stdin_ >= 0) close(stdin_);
}

std::vector<std::string> PluginHost::Environment() const {
  std::map<std::string, std::optional<std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    variables[parts.first] = parts.second;
  }
  variables[options_.cookie.name] = options_.cookie.value;
  variables["PLUGIN_PROTOCOL_VERSIONS"] = std::random_device()() % 2 == 0 ? "5,6" : "6,5";
  variables["PLUGIN_MIN_PORT"] = "10000";
  variables["PLUGIN_MAX_PORT"] = "25000";
  if (options_.tls) variables["PLUGIN_CLIENT_CERT"] = certificate_.pem;
  for (const auto& [name, value] : options_.environment) variables[name] = value;
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) {
    if (value.has_value()) environment.push_back(absl::StrCat(name, "=", *value));
  }
  return environment;
}

absl::Status PluginHost::Launch() {
  std::vector<std::string> environment = Environment();
  std::vector<std::string> arguments = {options_.argv0.empty() ? options_.binary : options_.argv0};
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  const std::vector<char*> environment_pointers = Pointers(environment);
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const Pipe in = MakePipe();
  const Pipe out = MakePipe();
  const Pipe err = MakePipe();
  const Pipe number = MakePipe();
  if (options_.own_parent) prctl(PR_SET_CHILD_SUBREAPER, 1);

  const auto become_plugin = [&] {
    if (!options_.working_directory.empty() && chdir(options_.working_directory.c_str()) != 0) _exit(126);
    if (options_.user != 0 && (setgid(options_.user) != 0 || setuid(options_.user) != 0)) _exit(126);
    dup2(in.out, STDIN_FILENO);
    dup2(out.in, STDOUT_FILENO);
    dup2(err.in, STDERR_FILENO);
    syscall(SYS_close_range, 3, ~0u, 0);
    execve(options_.binary.c_str(), argument_pointers.data(), environment_pointers.data());
    _exit(127);
  };
  pid_ = fork();
  if (pid_ == 0) {
    if (!options_.own_parent) become_plugin();
    const pid_t plugin = fork();
    if (plugin == 0) become_plugin();
    if (write(number.in, &plugin, sizeof(plugin)) != sizeof(plugin)) _exit(125);
    // Or this process would hold the pipes open when the plugin has ended.
    syscall(SYS_close_range, 0, ~0u, 0);
    for (;;) pause();
  }
  close(in.out);
  close(out.in);
  close(err.in);
  close(number.in);
  stdin_ = in.in;
  if (pid_ > 0 && options_.own_parent) {
    parent_ = pid_;
    if (read(number.out, &pid_, sizeof(pid_)) != sizeof(pid_))
      return absl::InternalError("no process in between");
  }
  close(number.out);
  readers_.emplace_back(Read, out.out, &stdout_);
  readers_.emplace_back(Read, err.out, &stderr_);
  return pid_ > 0 ? absl::OkStatus() : absl::ErrnoToStatus(errno, "starting a process");
}

void PluginHost::Read(int descriptor, Output* output) {
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t size = read(descriptor, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    const std::lock_guard lock(output->mutex);
    if (size <= 0) {
      output->ended = true;
      close(descriptor);
      return;
    }
    output->text.append(buffer, static_cast<size_t>(size));
  }
}

absl::Status PluginHost::Start() {
  if (absl::Status status = Launch(); !status.ok()) return status;
  const bool read = Await(std::chrono::seconds(10), [this] {
    const std::lock_guard lock(stdout_.mutex);
    return stdout_.ended || absl::StrContains(stdout_.text, "\n");
  });
  const std::lock_guard lock(stdout_.mutex);
  const size_t end = stdout_.text.find('\n');
  if (!read || end == std::string::npos) return absl::UnavailableError("there is no handshake line");
  handshake_.line = stdout_.text.substr(0, end + 1);
  handshake_.fields = absl::StrSplit(handshake_.line.substr(0, end), '|');
  if (handshake_.fields.size() < 6) {
    return absl::UnavailableError(absl::StrCat("not a handshake line: ", handshake_.line));
  }
  stdout_.text.erase(0, end + 1);
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> PluginHost::Connect() const {
  if (!options_.tls) return ConnectWith(grpc::InsecureChannelCredentials());
  return ConnectWith(grpc::SslCredentials(
      {PemOf(handshake_.certificate_der()), certificate_.private_key_pem, certificate_.pem}));
}

std::shared_ptr<grpc::Channel> PluginHost::ConnectWith(
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  std::string target = handshake_.address();
  if (handshake_.network() == "unix") {
    target = "unix:";
    for (const char c : handshake_.address()) {
      const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("/-_.", c);
      absl::StrAppend(
          &target, plain ? std::string(1, c) : absl::StrCat("%", absl::BytesToHexString(std::string(1, c))));
    }
  }
  return grpc::CreateCustomChannel(target, credentials, arguments);
}

grpc::Status PluginHost::Shutdown() const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  ::plugin::Empty response;
  return ::plugin::GRPCController::NewStub(Connect())->Shutdown(&context, ::plugin::Empty(), &response);
}

void PluginHost::Signal(int signal) const { kill(pid_, signal); }

void PluginHost::KillParent() {
  if (parent_ <= 0) return;
  kill(parent_, SIGKILL);
  waitpid(parent_, nullptr, 0);
  parent_ = -1;
}

std::optional<int> PluginHost::Wait(std::chrono::milliseconds timeout) {
  if (exit_.has_value()) return exit_;
  int status = 0;
  if (!Await(timeout, [&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) return std::nullopt;
  exit_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return exit_;
}

std::string PluginHost::Stdout() const {
  const std::lock_guard lock(stdout_.mutex);
  return stdout_.text;
}

std::string PluginHost::Stderr() const {
  const std::lock_guard lock(stderr_.mutex);
  return stderr_.text;
}

bool PluginHost::WaitForStderr(absl::string_view text) const {
  return Await(std::chrono::seconds(5), [&] { return absl::StrContains(Stderr(), text); });
}

bool PluginHost::StdoutEnded() const {
  return Await(std::chrono::seconds(5), [&] {
    const std::lock_guard lock(stdout_.mutex);
    return stdout_.ended;
  });
}

}  // namespace tfsdk::testing
