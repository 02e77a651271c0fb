#pragma once

// Secret: a string that does not print.

#include <ostream>
#include <string>
#include <utility>

namespace tfsdk {

// Holds a token, password or private key. There is no operator<<, no conversion and no AbslStringify, so it
// cannot be formatted into a log, an error or a diagnostic by accident; Reveal() is the one way to its text,
// and easy to search for. The memory is overwritten before it is freed. Not synchronised: copy it to share
// it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.Wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      Wipe();
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      Wipe();
      text_ = std::move(other.text_);
      other.Wipe();
    }
    return *this;
  }
  ~Secret() { Wipe(); }

  // The text itself. Pass it on to what needs it; never into a message.
  const std::string& Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = default;
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;
  // A failed test prints this instead of the object's bytes.
  friend void PrintTo(const Secret& secret, std::ostream* out) {
    *out << (secret.empty() ? "(no secret)" : "(secret)");
  }

 private:
  void Wipe() {
    text_.resize(text_.capacity());
    volatile char* bytes = text_.data();
    for (size_t i = 0; i < text_.size(); ++i) bytes[i] = 0;
    text_.clear();
  }

  std::string text_;
};

}  // namespace tfsdk
