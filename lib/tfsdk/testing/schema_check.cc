#include "tfsdk/testing/schema_check.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace tfsdk::testing {
namespace {

// In the child: everything that is wrong goes to stderr.
[[noreturn]] void Report(const std::function<Provider()>& make) {
  std::string text;
  try {
    const absl::Status status = make().Check();
    if (!status.ok()) text = std::string(status.message());
  } catch (const std::exception& thrown) {
    text = absl::StrCat("thrown: ", thrown.what());
  }
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
  _exit(text.empty() ? 0 : 1);
}

// "panic: FILE:LINE: message (condition)" without what only matters to those who wrote the check.
std::string Message(const std::string& text) {
  absl::string_view message = text;
  const size_t panic = message.find("panic: ");
  if (panic == absl::string_view::npos) return text;
  message.remove_prefix(panic + 7);
  if (const size_t file = message.find(": "); file != absl::string_view::npos)
    message.remove_prefix(file + 2);
  if (const size_t condition = message.rfind(" ("); condition != absl::string_view::npos) {
    message = message.substr(0, condition);
  }
  return std::string(message);
}

}  // namespace

std::vector<std::string> SchemaMistakes(const std::function<Provider()>& make) {
  int ends[2];
  if (pipe(ends) != 0) return {"no pipe for the child process"};
  const pid_t child = fork();
  if (child < 0) return {"no child process"};
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    Report(make);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) != 0;) {
    if (got < 0 && errno != EINTR) break;
    if (got > 0) text.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  std::vector<std::string> mistakes = absl::StrSplit(Message(text), '\n', absl::SkipEmpty());
  if (mistakes.empty()) mistakes = {absl::StrCat("the provider cannot be built (wait status ", status, ")")};
  return mistakes;
}

void ExpectValidSchemas(const std::function<Provider()>& make) {
  for (const std::string& mistake : SchemaMistakes(make)) ADD_FAILURE() << mistake;
}

}  // namespace tfsdk::testing
