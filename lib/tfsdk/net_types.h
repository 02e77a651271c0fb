#pragma once

// Addresses of the internet and of network cards in string attributes.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/text_type.h"

namespace tfsdk {

// "192.0.2.1", "2001:db8::1", "fe80::1%eth0" (RFC 4007): without leading zeros in IPv4, where some programs
// read them as octal. meaning() is the shortest way to write it (RFC 5952). ::ffff:192.0.2.1 is an IPv6
// address, and another one than 192.0.2.1.
class IpAddress : public Text {
 public:
  IpAddress() = default;
  // InvalidArgument for any other text.
  static absl::StatusOr<IpAddress> Parse(absl::string_view text);

  // In network order: 4 bytes, or 16.
  const std::string& bytes() const { return bytes_; }
  bool is_v4() const { return bytes_.size() == 4; }

 private:
  IpAddress(absl::string_view text, std::string meaning, std::string bytes)
      : Text(text, std::move(meaning)), bytes_(std::move(bytes)) {}

  std::string bytes_;
};

// Only IPv4, or only IPv6.
class Ipv4Address : public IpAddress {
 public:
  Ipv4Address() = default;
  static absl::StatusOr<Ipv4Address> Parse(absl::string_view text);

 private:
  explicit Ipv4Address(IpAddress address) : IpAddress(std::move(address)) {}
};
class Ipv6Address : public IpAddress {
 public:
  Ipv6Address() = default;
  static absl::StatusOr<Ipv6Address> Parse(absl::string_view text);

 private:
  explicit Ipv6Address(IpAddress address) : IpAddress(std::move(address)) {}
};

// "10.0.0.0/8", "2001:db8::/32": an address without a zone, and the length of the prefix. Bits behind the
// prefix may be set, as on an interface, and count.
class CidrPrefix : public Text {
 public:
  CidrPrefix() = default;
  // InvalidArgument for any other text.
  static absl::StatusOr<CidrPrefix> Parse(absl::string_view text);

  const IpAddress& address() const { return address_; }
  int length() const { return length_; }

 private:
  CidrPrefix(absl::string_view text, std::string meaning, IpAddress address, int length)
      : Text(text, std::move(meaning)), address_(std::move(address)), length_(length) {}

  IpAddress address_;
  int length_ = 0;
};

// Only IPv4, or only IPv6.
class Ipv4Prefix : public CidrPrefix {
 public:
  Ipv4Prefix() = default;
  static absl::StatusOr<Ipv4Prefix> Parse(absl::string_view text);

 private:
  explicit Ipv4Prefix(CidrPrefix prefix) : CidrPrefix(std::move(prefix)) {}
};
class Ipv6Prefix : public CidrPrefix {
 public:
  Ipv6Prefix() = default;
  static absl::StatusOr<Ipv6Prefix> Parse(absl::string_view text);

 private:
  explicit Ipv6Prefix(CidrPrefix prefix) : CidrPrefix(std::move(prefix)) {}
};

// "00:00:5e:00:53:01", "00-00-5E-00-53-01", "0000.5e00.5301": 6, 8 or 20 bytes (IEEE 802, EUI-64, IP over
// InfiniBand). meaning() has colons and small letters.
class MacAddress : public Text {
 public:
  MacAddress() = default;
  // InvalidArgument for any other text.
  static absl::StatusOr<MacAddress> Parse(absl::string_view text);

  const std::string& bytes() const { return bytes_; }

 private:
  MacAddress(absl::string_view text, std::string meaning, std::string bytes)
      : Text(text, std::move(meaning)), bytes_(std::move(bytes)) {}

  std::string bytes_;
};

}  // namespace tfsdk
