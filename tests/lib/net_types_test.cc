#include "tfsdk/net_types.h"

#include <string>

#include "gmock/gmock.h"
#include "tfsdk/testing/status_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
constexpr auto kWrong = absl::StatusCode::kInvalidArgument;

template <class T>
bool Same(const std::string& a, const std::string& b) {
  return Codec<T>::SameMeaning(Value::String(a), Value::String(b));
}

TEST(IpAddressTest, OneAddressInTwoSpellingsMeansTheSame) {
  EXPECT_TRUE(Same<IpAddress>("2001:db8::1", "2001:0DB8:0:0:0:0:0:1"));
  EXPECT_TRUE(Same<IpAddress>("::ffff:192.0.2.1", "::ffff:c000:201"));
  EXPECT_FALSE(Same<IpAddress>("::ffff:192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(Same<IpAddress>("fe80::1%eth0", "fe80::1%eth1"));
  EXPECT_FALSE(Same<IpAddress>("fe80::1%eth0", "fe80::1"));
  EXPECT_EQ(IpAddress::Parse("192.0.2.1")->bytes(), "\xC0" + std::string("\0\2\1", 3));
  EXPECT_TRUE(IpAddress::Parse("192.0.2.1")->is_v4());
  EXPECT_EQ(IpAddress::Parse("::1")->bytes().size(), 16U);
}

TEST(IpAddressTest, RefusesEverythingElse) {
  for (const char* wrong : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "0x7f.0.0.1", "1.2.3.4 ",
                            " ::1", ":::", "1::2::3", "12345::", "::1%", "1.2.3.4%eth0", "fe80::1%a b",
                            "[::1]", "localhost", "1.2.3.4/8", "1:2:3:4:5:6:7"}) {
    EXPECT_THAT(IpAddress::Parse(wrong), StatusIs(kWrong, HasSubstr("an IP address"))) << wrong;
  }
  EXPECT_THAT(IpAddress::Parse(absl::string_view("1.2.3.4\0", 8)), StatusIs(kWrong, HasSubstr("IP address")));
  EXPECT_THAT(IpAddress::Parse("fe80::1%" + std::string(1000, 'a')),
              StatusIs(kWrong, HasSubstr("IP address")));
}

TEST(IpAddressTest, EachFamilyHasItsType) {
  EXPECT_THAT(Ipv4Address::Parse("192.0.2.1"), IsOk());
  EXPECT_THAT(Ipv4Address::Parse("::1"), StatusIs(kWrong, HasSubstr("an IPv4 address")));
  EXPECT_THAT(Ipv6Address::Parse("::1"), IsOk());
  EXPECT_THAT(Ipv6Address::Parse("192.0.2.1"), StatusIs(kWrong, HasSubstr("an IPv6 address")));
  EXPECT_TRUE(Same<Ipv6Address>("::1", "0::1"));
}

TEST(CidrPrefixTest, AnAddressAndALength) {
  const auto parsed = CidrPrefix::Parse("10.1.2.3/8");
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->length(), 8);
  EXPECT_EQ(parsed->address().text(), "10.1.2.3");
  EXPECT_TRUE(Same<CidrPrefix>("2001:db8::/32", "2001:0db8:0::/32"));
  EXPECT_FALSE(Same<CidrPrefix>("10.1.2.3/8", "10.0.0.0/8"));
  EXPECT_FALSE(Same<CidrPrefix>("10.0.0.0/8", "10.0.0.0/9"));
  EXPECT_THAT(CidrPrefix::Parse("0.0.0.0/0"), IsOk());
  EXPECT_THAT(CidrPrefix::Parse("::/128"), IsOk());
}

TEST(CidrPrefixTest, RefusesEverythingElse) {
  for (const char* wrong :
       {"", "/", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.0/ 8",
        "10.0.0.0/8/8", "10/8", "fe80::1%eth0/64", "10.0.0.0/1234"}) {
    EXPECT_THAT(CidrPrefix::Parse(wrong), StatusIs(kWrong, HasSubstr("length of its prefix"))) << wrong;
  }
  EXPECT_THAT(CidrPrefix::Parse("10.0.0.0/33"), StatusIs(kWrong, HasSubstr("at most 32")));
  EXPECT_THAT(CidrPrefix::Parse("::/129"), StatusIs(kWrong, HasSubstr("at most 128")));
  EXPECT_THAT(Ipv4Prefix::Parse("::/0"), StatusIs(kWrong, HasSubstr("of IPv4")));
  EXPECT_THAT(Ipv6Prefix::Parse("10.0.0.0/8"), StatusIs(kWrong, HasSubstr("of IPv6")));
  EXPECT_THAT(Ipv4Prefix::Parse("10.0.0.0/8"), IsOk());
  EXPECT_THAT(Ipv6Prefix::Parse("::/0"), IsOk());
}

TEST(MacAddressTest, EverySpelling) {
  EXPECT_TRUE(Same<MacAddress>("00:00:5e:00:53:01", "00-00-5E-00-53-01"));
  EXPECT_TRUE(Same<MacAddress>("00:00:5e:00:53:01", "0000.5E00.5301"));
  EXPECT_FALSE(Same<MacAddress>("00:00:5e:00:53:01", "00:00:5e:00:53:02"));
  EXPECT_EQ(MacAddress::Parse("02:00:5e:10:00:00:00:01")->bytes().size(), 8U);
  EXPECT_THAT(MacAddress::Parse("0000.0000.fe80.0000.0000.0000.0200.5e10.0000.0001"), IsOk());
}

TEST(MacAddressTest, RefusesEverythingElse) {
  for (const char* wrong :
       {"", "00005e005301", "00:00:5e:00:53", "00:00:5e:00:53:01:02", "00:00:5e-00:53:01", "0:0:5e:0:53:1",
        "00:00:5e:00:53:0g", "00:00:5e:00:53:01 ", ":", "0000.5e00.53"}) {
    EXPECT_THAT(MacAddress::Parse(wrong), StatusIs(kWrong, HasSubstr("hardware address"))) << wrong;
  }
}

}  // namespace
}  // namespace tfsdk
