#include "kube/exec_run.h"

#include <string.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "json/quote.h"
#include "kube/child_process.h"
#include "kube/exec_answer.h"
#include "kube/exec_command.h"
#include "kube/exec_redact.h"
#include "kube/exec_request.h"
#include "tfsdk/log.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

constexpr size_t kShownPath = 300;
constexpr size_t kShownHint = 1000;
constexpr size_t kShownErrors = 1100;  // RedactOutput() has cut it already.
constexpr size_t kMaxAnswer = size_t{1} << 20;
// A caller that waits for just the plugin's timeout has taken the time a little earlier.
constexpr absl::Duration kSameDeadline = absl::Seconds(1);

using End = ChildResult::End;

std::string Signal(int number) {
  const char* const name = sigabbrev_np(number);
  return name == nullptr ? absl::StrCat("signal ", number) : absl::StrCat("SIG", name);
}

// For the log.
std::string HowItEnded(const ChildResult& result) {
  switch (result.end) {
    case End::kNotStarted:
      return "not started";
    case End::kExited:
      return absl::StrCat("exit code ", result.code);
    case End::kSignalled:
      return Signal(result.code);
    case End::kTimeout:
      return "timeout";
    case End::kCancelled:
      return "cancelled";
    case End::kTooMuchOutput:
      return "too much output";
  }
  return "";
}

class Run {
 public:
  Run(const ExecPlugin& plugin, const Environment& environment)
      : plugin_(plugin), environment_(environment) {}

  absl::StatusOr<ExecCredential> Do(const tfsdk::CancelToken& cancel, const ExecCluster& cluster,
                                    absl::Time deadline) {
    TFSDK_RETURN_IF_ERROR(CheckExecPlugin(plugin_));
    TFSDK_RETURN_IF_ERROR(Find());
    ChildRequest request;
    request.path = path_;
    request.arguments.push_back(plugin_.command);
    request.arguments.insert(request.arguments.end(), plugin_.args.begin(), plugin_.args.end());
    TFSDK_ASSIGN_OR_RETURN(request.environment, MakeExecEnvironment(plugin_, cluster, environment_));
    const absl::Time own_deadline = absl::Now() + plugin_.timeout;
    request.deadline = std::min(deadline, own_deadline);
    request.max_output_bytes = kMaxAnswer;

    const ChildResult result = RunChild(cancel, request);
    absl::StatusOr<ExecCredential> credential = Read(result, own_deadline <= deadline + kSameDeadline);
    tfsdk::Log(
        tfsdk::LogLevel::kDebug, "ran an exec plugin",
        {{"command", path_},
         {"duration", absl::FormatDuration(result.took)},
         {"end", HowItEnded(result)},
         {"expires", credential.ok() && credential->expires.has_value()
                         ? absl::FormatTime(absl::RFC3339_sec, *credential->expires, absl::UTCTimeZone())
                         : ""}});
    return credential;
  }

 private:
  // Sets path_.
  absl::Status Find() {
    const char* const allow = environment_.getenv ? environment_.getenv("K8SOIDC_EXEC_ALLOW") : nullptr;
    const ExecPolicy policy(allow == nullptr ? std::nullopt : std::optional<std::string>(allow));
    absl::StatusOr<std::string> found = FindCommand(plugin_.command, environment_);
    if (!found.ok()) {
      // Where nothing is allowed, that something is missing is not the news.
      TFSDK_RETURN_IF_ERROR(allow != nullptr && *allow == '\0'
                                ? policy.Check(plugin_.command, plugin_.command)
                                : absl::OkStatus());
      return WithInstallHint(found.status());
    }
    path_ = *std::move(found);
    TFSDK_RETURN_IF_ERROR(policy.Check(plugin_.command, path_));
    for (const auto& variable : plugin_.env) TFSDK_RETURN_IF_ERROR(policy.CheckVariable(variable.first));
    return absl::OkStatus();
  }

  absl::Status WithInstallHint(const absl::Status& status) const {
    if (!absl::IsNotFound(status) || plugin_.install_hint.empty()) return status;
    std::string hint = StripTerminalControls(plugin_.install_hint);
    std::replace(hint.begin(), hint.end(), '\n', ' ');
    return absl::NotFoundError(
        absl::StrCat(status.message(), ". Its configuration says: ", json::Quoted(hint, kShownHint)));
  }

  absl::StatusOr<ExecCredential> Read(const ChildResult& result, bool is_own_timeout) const {
    switch (result.end) {
      case End::kNotStarted:
        return NotStarted(result.code);
      case End::kCancelled:
        return absl::CancelledError("the read was cancelled while the plugin ran");
      case End::kTimeout:
        return TimedOut(result, is_own_timeout);
      case End::kTooMuchOutput:
        return absl::ResourceExhaustedError(
            absl::StrCat(Command(), " wrote more than ", kMaxAnswer >> 20,
                         " MiB to its standard output, where its answer should be, and was ended"));
      case End::kSignalled:
        return absl::FailedPreconditionError(
            absl::StrCat(Command(), " was ended by ", Signal(result.code), WhatItWrote(result)));
      case End::kExited:
        break;
    }
    if (result.code != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(Command(), " failed with exit code ", result.code, WhatItWrote(result)));
    }
    absl::StatusOr<ExecCredential> credential = ParseExecAnswer(result.output, plugin_.api_version);
    if (credential.ok()) return credential;
    return absl::Status(
        credential.status().code(),
        absl::StrCat(Command(), " ran, but ", credential.status().message(), WhatItWrote(result)));
  }

  std::string Command() const { return absl::StrCat("the command ", json::Quoted(path_, kShownPath)); }

  absl::Status NotStarted(int error) const {
    std::string why =
        strerrordesc_np(error) == nullptr ? absl::StrCat("error ", error) : strerrordesc_np(error);
    if (error == ENOEXEC) {
      why = "it is neither a program for this kind of machine nor a script that starts with #!";
    } else if (error == ENOENT) {
      // The file was there a moment ago.
      why = "the interpreter that its first line names, or the loader it needs, is not there";
    } else if (error == E2BIG) {
      why = "its arguments and environment are too large";
      if (plugin_.provide_cluster_info) absl::StrAppend(&why, "; the cluster's information is part of them");
    }
    return absl::FailedPreconditionError(absl::StrCat(Command(), " could not be started: ", why));
  }

  absl::Status TimedOut(const ChildResult& result, bool is_own_timeout) const {
    const std::string limit =
        is_own_timeout ? absl::StrCat("within its timeout of ", absl::FormatDuration(plugin_.timeout))
                       : "in the time that was left for this read";
    return absl::DeadlineExceededError(absl::StrCat(
        Command(), " did not end ", limit,
        " and was killed; it may have waited for a login, so run it by hand once, or set a longer "
        "timeout",
        WhatItWrote(result)));
  }

  // "; it wrote: …", or what is to be said when it wrote nothing.
  std::string WhatItWrote(const ChildResult& result) const {
    const std::string text = RedactOutput(result.error_head, result.error_tail, result.error_cut,
                                          SecretsOf(plugin_, environment_));
    if (text.empty()) return "; it wrote nothing to its standard error";
    return absl::StrCat("; it wrote: ", json::Quoted(text, kShownErrors));
  }

  const ExecPlugin& plugin_;
  const Environment& environment_;
  std::string path_;
};

}  // namespace

absl::StatusOr<ExecCredential> RunExecPlugin(const tfsdk::CancelToken& cancel, const ExecPlugin& plugin,
                                             const ExecCluster& cluster, const Environment& environment,
                                             absl::Time deadline) {
  absl::StatusOr<ExecCredential> credential = Run(plugin, environment).Do(cancel, cluster, deadline);
  if (credential.ok()) return credential;
  return tfsdk::Annotate(credential.status(), plugin.description);
}

}  // namespace k8soidc::kube
