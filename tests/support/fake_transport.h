#pragma once

// FakeTransport: canned answers by URL, and the list of what was asked.
//
//   FakeTransport fake;
//   fake.Answer("https://cluster/openid/v1/jwks", {.status = 503});
//   fake.Answer("https://cluster/openid/v1/jwks", {.status = 200, .body = R"({"keys":[]})"});
//   ... fake.requests()[0].accept ...

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "http/http.h"

namespace k8soidc {

// Answers for one URL are given in the order they were added; the last one stays. A URL without an answer
// is an error that names it (kInternal), so that a test cannot pass by asking the wrong thing. A cancelled
// token gives CancelledError, as a real transport does. Safe from any thread.
class FakeTransport final : public http::Transport {
 public:
  void Answer(const std::string& url, http::Response response) ABSL_LOCKS_EXCLUDED(mutex_);
  void Fail(const std::string& url, absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_);

  absl::StatusOr<http::Response> Get(const tfsdk::CancelToken& cancel, const http::Request& request) override
      ABSL_LOCKS_EXCLUDED(mutex_);

  void CloseConnections(const http::Request& request) override ABSL_LOCKS_EXCLUDED(mutex_);

  // Everything asked so far, in order, whole.
  std::vector<http::Request> requests() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Whose connections were to be closed.
  std::vector<http::Request> closed() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::deque<absl::StatusOr<http::Response>>> answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<http::Request> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<http::Request> closed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace k8soidc
