#include "support/fake_transport.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace k8soidc {

void FakeTransport::Answer(const std::string& url, http::Response response) {
  absl::MutexLock lock(&mutex_);
  answers_[url].push_back(std::move(response));
}

void FakeTransport::Fail(const std::string& url, absl::Status status) {
  absl::MutexLock lock(&mutex_);
  answers_[url].push_back(std::move(status));
}

absl::StatusOr<http::Response> FakeTransport::Get(const tfsdk::CancelToken& cancel,
                                                  const http::Request& request) {
  absl::MutexLock lock(&mutex_);
  requests_.push_back(request);
  if (cancel.IsCancelled()) {
    return http::ErrorWithReason(absl::StatusCode::kCancelled, "cancelled", "The read was cancelled.");
  }
  const auto found = answers_.find(request.url);
  if (found == answers_.end()) return absl::InternalError(absl::StrCat("no canned answer for ", request.url));
  std::deque<absl::StatusOr<http::Response>>& queue = found->second;
  absl::StatusOr<http::Response> answer = queue.front();
  if (queue.size() > 1) queue.pop_front();
  return answer;
}

void FakeTransport::CloseConnections(const http::Request& request) {
  absl::MutexLock lock(&mutex_);
  closed_.push_back(request);
}

std::vector<http::Request> FakeTransport::closed() const {
  absl::MutexLock lock(&mutex_);
  return closed_;
}

std::vector<http::Request> FakeTransport::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

}  // namespace k8soidc
