// A search that finds nothing proves nothing unless it finds what was planted.

#include "faults/leak.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::faults {
namespace {

constexpr char kSecret[] = "canary-0123456789abcdef";

TEST(Leak, APlantedSecretIsFoundInEverySpelling) {
  const std::string hex = absl::BytesToHexString(kSecret);
  for (const std::string& planted : {
           std::string(kSecret),
           absl::Base64Escape(kSecret),
           absl::Base64Escape(absl::StrCat("user:", kSecret)),
           absl::WebSafeBase64Escape(absl::StrCat("x", kSecret, "yz")),
           hex,
           std::string(kSecret).substr(3, 17),
           std::string("fedcba9876543210-yranac"),
       }) {
    EXPECT_NE(FindLeak(absl::StrCat("a log line with ", planted, " in it\n"), {kSecret}), "") << planted;
  }
}

TEST(Leak, NothingIsFoundWhereNothingIs) {
  EXPECT_EQ(FindLeak("canary-0123456, and not a byte more of it: 789abcdef", {kSecret}), "");
  EXPECT_EQ(FindLeak("", {kSecret}), "");
}

}  // namespace
}  // namespace k8soidc::faults
