#include "tfsdk/net_types.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

// No address is longer, its zone included.
constexpr size_t kMaxBytes = 128;

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("Must be ", what));
}

// inet_pton() reads a C string: what has a zero byte in it would look shorter than it is.
bool IsAddressText(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isxdigit(static_cast<unsigned char>(c)) || c == '.' || c == ':';
  });
}

}  // namespace

absl::StatusOr<IpAddress> IpAddress::Parse(absl::string_view text) {
  const absl::Status wrong = Wrong("an IP address, such as 192.0.2.1 or 2001:db8::1.");
  const size_t percent = text.find('%');
  const std::string address(text.substr(0, percent));
  const absl::string_view zone = percent == absl::string_view::npos ? "" : text.substr(percent);
  if (!IsAddressText(address) || text.size() > kMaxBytes) return wrong;
  const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  // A zone has a name, and only IPv6 has zones.
  if (zone.size() == 1 || (!zone.empty() && family == AF_INET)) return wrong;
  const bool printable = std::all_of(
      zone.begin(), zone.end(), [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
  if (!printable) return wrong;
  char bytes[sizeof(in6_addr)];
  if (inet_pton(family, address.c_str(), bytes) != 1) return wrong;
  char canonical[INET6_ADDRSTRLEN];
  if (inet_ntop(family, bytes, canonical, sizeof(canonical)) == nullptr) return wrong;
  return IpAddress(text, absl::StrCat(canonical, zone), std::string(bytes, family == AF_INET ? 4 : 16));
}

absl::StatusOr<Ipv4Address> Ipv4Address::Parse(absl::string_view text) {
  absl::StatusOr<IpAddress> address = IpAddress::Parse(text);
  if (!address.ok() || !address->is_v4()) return Wrong("an IPv4 address, such as 192.0.2.1.");
  return Ipv4Address(*std::move(address));
}

absl::StatusOr<Ipv6Address> Ipv6Address::Parse(absl::string_view text) {
  absl::StatusOr<IpAddress> address = IpAddress::Parse(text);
  if (!address.ok() || address->is_v4()) return Wrong("an IPv6 address, such as 2001:db8::1.");
  return Ipv6Address(*std::move(address));
}

absl::StatusOr<CidrPrefix> CidrPrefix::Parse(absl::string_view text) {
  const absl::Status wrong =
      Wrong("an address and the length of its prefix, such as 10.0.0.0/8 or 2001:db8::/32.");
  const size_t slash = text.find('/');
  if (slash == absl::string_view::npos || text.find('%') != absl::string_view::npos) return wrong;
  absl::StatusOr<IpAddress> address = IpAddress::Parse(text.substr(0, slash));
  if (!address.ok()) return wrong;
  const absl::string_view digits = text.substr(slash + 1);
  int length = 0;
  const bool plain = !digits.empty() && digits.size() <= 3 && (digits == "0" || digits[0] != '0') &&
                     std::all_of(digits.begin(), digits.end(),
                                 [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  if (!plain || !absl::SimpleAtoi(digits, &length)) return wrong;
  if (length > (address->is_v4() ? 32 : 128)) {
    return Wrong(address->is_v4() ? "a prefix of at most 32 bits." : "a prefix of at most 128 bits.");
  }
  std::string meaning = absl::StrCat(address->meaning(), "/", length);
  return CidrPrefix(text, std::move(meaning), *std::move(address), length);
}

absl::StatusOr<Ipv4Prefix> Ipv4Prefix::Parse(absl::string_view text) {
  TFSDK_ASSIGN_OR_RETURN(CidrPrefix prefix, CidrPrefix::Parse(text));
  if (!prefix.address().is_v4()) return Wrong("a prefix of IPv4, such as 10.0.0.0/8.");
  return Ipv4Prefix(std::move(prefix));
}

absl::StatusOr<Ipv6Prefix> Ipv6Prefix::Parse(absl::string_view text) {
  TFSDK_ASSIGN_OR_RETURN(CidrPrefix prefix, CidrPrefix::Parse(text));
  if (prefix.address().is_v4()) return Wrong("a prefix of IPv6, such as 2001:db8::/32.");
  return Ipv6Prefix(std::move(prefix));
}

absl::StatusOr<MacAddress> MacAddress::Parse(absl::string_view text) {
  const absl::Status wrong = Wrong("a hardware address of 6, 8 or 20 bytes, such as 00:00:5e:00:53:01.");
  if (text.size() > kMaxBytes) return wrong;
  const size_t at = text.find_first_of(":-.");
  if (at == absl::string_view::npos) return wrong;
  const char separator = text[at];
  std::string digits;
  for (const absl::string_view group : absl::StrSplit(text, separator)) {
    const bool hex = std::all_of(group.begin(), group.end(),
                                 [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
    if (!hex || group.size() != (separator == '.' ? 4 : 2)) return wrong;
    absl::StrAppend(&digits, absl::AsciiStrToLower(group));
  }
  if (digits.size() != 12 && digits.size() != 16 && digits.size() != 40) return wrong;
  std::string meaning;
  for (size_t i = 0; i < digits.size(); i += 2) {
    absl::StrAppend(&meaning, i == 0 ? "" : ":", digits.substr(i, 2));
  }
  return MacAddress(text, std::move(meaning), absl::HexStringToBytes(digits));
}

}  // namespace tfsdk
