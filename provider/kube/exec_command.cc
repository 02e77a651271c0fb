#include "kube/exec_command.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "json/quote.h"
#include "kube/exec_plugin.h"
#include "kube/file.h"

namespace k8soidc::kube {
namespace {

constexpr size_t kShownPath = 300;
constexpr size_t kShownSearchPath = 600;
constexpr char kAllow[] = "K8SOIDC_EXEC_ALLOW";

std::string Shown(absl::string_view path) { return json::Quoted(path, kShownPath); }

// An errno: 0 when `path` is a file that we may execute.
int WhyNotExecutable(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  if (!S_ISREG(status.st_mode)) return EACCES;
  return faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

absl::Status CannotExecute(absl::string_view path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return absl::NotFoundError(absl::StrCat("there is no file ", Shown(path)));
  }
  if (error == EISDIR) {
    return absl::FailedPreconditionError(
        absl::StrCat("the command ", Shown(path), " is a directory; name the program in it"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the command ", Shown(path), " cannot be executed (", std::strerror(error),
                   "); its file must be executable for the user who runs Terraform"));
}

absl::StatusOr<std::string> SearchPath(const std::string& command, const Environment& environment) {
  const std::optional<std::string> search = environment.Get("PATH");
  if (!search.has_value()) {
    return absl::NotFoundError(absl::StrCat("the command ", Shown(command),
                                            " cannot be looked up, because PATH is not set where Terraform "
                                            "runs; set it, or name the command by its whole path"));
  }
  // What is there but cannot be run is worth more than "not found".
  int error = ENOENT;
  std::string error_path;
  for (const absl::string_view entry : absl::StrSplit(*search, ':')) {
    const std::string path = ResolvePath(command, entry.empty() ? "." : entry);
    const int why_not = WhyNotExecutable(path);
    if (why_not == 0) {
      if (absl::StartsWith(entry, "/")) return path;
      return absl::FailedPreconditionError(
          absl::StrCat("the command ", Shown(command), " was found through the entry ", Shown(entry),
                       " of PATH, which depends on the current directory and is never used; name the "
                       "command by its whole path"));
    }
    if (error == ENOENT && why_not == EACCES) {
      error = why_not;
      error_path = path;
    }
  }
  if (error != ENOENT) return CannotExecute(error_path, error);
  return absl::NotFoundError(absl::StrCat(
      "there is no command ", Shown(command), " in PATH (", json::Quoted(*search, kShownSearchPath),
      "); install it where Terraform runs, or name it by its whole path"));
}

}  // namespace

std::string ResolveDirectory(absl::string_view path) {
  const size_t slash = path.rfind('/');
  const absl::string_view name = slash == absl::string_view::npos ? path : path.substr(slash + 1);
  char* const directory = realpath(DirectoryOf(path).c_str(), nullptr);
  if (directory == nullptr) return std::string(path);
  std::string resolved = ResolvePath(name, directory);
  free(directory);
  return resolved;
}

absl::StatusOr<std::string> FindCommand(absl::string_view command, const Environment& environment) {
  std::string path(command);
  if (path.empty() || path == "." || path == ".." || path.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("the command ", Shown(command), " is not the name of a program"));
  }
  if (absl::StrContains(path, '/')) {
    const int why_not = WhyNotExecutable(path);
    if (why_not != 0) return CannotExecute(path, why_not);
    return ResolveDirectory(path);
  }
  absl::StatusOr<std::string> found = SearchPath(path, environment);
  if (!found.ok()) return found;
  return ResolveDirectory(*found);
}

absl::Status ExecPolicy::Check(absl::string_view command, absl::string_view resolved) const {
  if (!allow_.has_value()) return absl::OkStatus();
  const std::string file = ResolveDirectory(resolved);
  bool is_empty = true;
  for (absl::string_view entry : absl::StrSplit(*allow_, ',')) {
    entry = absl::StripAsciiWhitespace(entry);
    if (entry.empty()) continue;
    is_empty = false;
    const bool is_path = absl::StrContains(entry, '/');
    if (is_path ? absl::StartsWith(entry, "/") && ResolveDirectory(entry) == file : entry == command) {
      return absl::OkStatus();
    }
  }
  if (is_empty) {
    return absl::PermissionDeniedError(absl::StrCat(
        "the environment variable ", kAllow, " is empty, which forbids all exec plugins here, and so ",
        Shown(command), "; use another credential, or have whoever runs Terraform allow ", Shown(file)));
  }
  return absl::PermissionDeniedError(
      absl::StrCat("the environment variable ", kAllow, " does not allow the command ", Shown(command), " (",
                   Shown(file), "); whoever runs Terraform can add that path to it"));
}

absl::Status ExecPolicy::CheckVariable(absl::string_view name) const {
  constexpr absl::string_view kNames[] = {
      "PATH",         "ENV", "IFS", "SHELLOPTS", "PS4", "GCONV_PATH", "GLIBC_TUNABLES", "JAVA_TOOL_OPTIONS",
      "_JAVA_OPTIONS"};
  constexpr absl::string_view kPrefixes[] = {"LD_", "DYLD_", "BASH_", "PYTHON", "PERL", "RUBY", "NODE_"};
  const bool runs_code =
      std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames) ||
      std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                  [&](absl::string_view prefix) { return absl::StartsWith(name, prefix); });
  if (!allow_.has_value() || !runs_code) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "where the environment variable ", kAllow, " says what may be run, the configuration may not set ",
      json::Quoted(name), " for it, which can make it run something else; remove that variable"));
}

}  // namespace k8soidc::kube
