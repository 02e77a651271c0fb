#include "bodies.h"

#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cluster.h"
#include "keys.h"

namespace devcluster {
namespace {

struct NamedBody {
  const char* name;
  const char* help;
  std::function<std::string(const Cluster&, int replica)> make;
  const char* content_type = "";
};

constexpr char kLoginPage[] =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action=\"/login\" method=\"post\">"
    "<input name=\"password\" type=\"password\"></form></body></html>\n";

std::string Fixed(const char* text) { return text; }

auto Text(const char* text) {
  return [text](const Cluster&, int) { return Fixed(text); };
}

// The good key set after `change` has seen it.
auto Changed(std::function<void(Json& set)> change) {
  return [change](const Cluster& cluster, int replica) {
    Json set = cluster.KeysJson(replica);
    change(set);
    return set.dump();
  };
}

// The good key set with a new key of `kind` in front, after `change` has seen that key.
auto WithKey(const char* kind, std::function<void(Json& key)> change) {
  return [kind, change](const Cluster& cluster, int replica) {
    static auto* const made = new std::map<std::string, Json>;
    static std::mutex mutex;
    std::lock_guard lock(mutex);
    auto found = made->find(kind);
    if (found == made->end()) found = made->emplace(kind, PublicJwk((*GenerateKey(kind)).get())).first;
    Json key = found->second;
    change(key);
    Json set = cluster.KeysJson(replica);
    set["keys"].insert(set["keys"].begin(), std::move(key));
    return set.dump();
  };
}

auto WithModulus(std::function<std::string()> modulus) {
  return Changed(
      [modulus](Json& set) { set["keys"].push_back(RsaJwk(modulus(), std::string("\x01\x00\x01", 3))); });
}

// 2,048 bits of nothing in particular, ending in `last`.
std::string PlainModulus(char last) {
  std::string bytes(256, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(0xc5 + 37 * i);
  bytes.back() = last;
  return bytes;
}

std::string Nested(int depth) { return absl::StrCat(std::string(depth, '['), std::string(depth, ']')); }

void MakeLong(Json& set, size_t count) {
  static const Json key = PublicJwk((*GenerateKey("ed25519")).get());
  for (size_t i = set["keys"].size(); i < count; ++i) {
    Json copy = key;
    copy["kid"] = absl::StrCat("key-", i);
    set["keys"].push_back(std::move(copy));
  }
}

const std::vector<NamedBody>& Bodies() {
  static const auto* const bodies = new std::vector<NamedBody>{
      {"html", "a login page", Text(kLoginPage), "text/html; charset=utf-8"},
      {"empty", "no byte at all", Text("")},
      {"not-json", "text that is no JSON", Text("upstream connect error or disconnect/reset before headers")},
      {"array", "JSON, but no object", Text("[]")},
      {"no-keys", "an object without the member `keys`", Text("{\"issuer\":\"https://example.com\"}")},
      {"keys-null", "`keys` is null", Text("{\"keys\":null}")},
      {"keys-object", "`keys` is no list", Text("{\"keys\":{}}")},
      {"keys-empty", "`keys` is an empty list", Text("{\"keys\":[]}")},
      {"no-issuer", "a discovery document without issuer",
       [](const Cluster& cluster, int) {
         Json document = cluster.DiscoveryJson();
         document.erase("issuer");
         return document.dump();
       }},
      {"issuer-number", "a discovery document whose issuer is a number",
       [](const Cluster& cluster, int) {
         Json document = cluster.DiscoveryJson();
         document["issuer"] = 7;
         return document.dump();
       }},
      {"private-key", "the signing key with its private half",
       [](const Cluster& cluster, int replica) {
         Json set = cluster.KeysJson(replica);
         set["keys"][0] = cluster.FirstPrivateJwk();
         return set.dump();
       }},
      {"oct", "a symmetric key besides", Changed([](Json& set) {
         set["keys"].push_back(
             {{"kty", "oct"}, {"kid", "shared"}, {"alg", "HS256"}, {"k", "c2VjcmV0LXNoYXJlZC1rZXk"}});
       })},
      {"duplicate-member", "the first key has `kid` twice",
       [](const Cluster& cluster, int replica) {
         return absl::StrReplaceAll(cluster.KeysJson(replica).dump(),
                                    {{"{\"keys\":[{", "{\"keys\":[{\"kid\":\"x\","}});
       }},
      {"bom", "a byte order mark in front",
       [](const Cluster& cluster, int replica) {
         return absl::StrCat("\xef\xbb\xbf", cluster.KeysJson(replica).dump());
       }},
      {"not-utf8", "a byte that is not UTF-8 in a string",
       [](const Cluster& cluster, int replica) {
         return absl::StrReplaceAll(cluster.KeysJson(replica).dump(),
                                    {{"\"use\":\"sig\"", "\"use\":\"s\xffg\""}});
       }},
      {"trailing", "more text after the document",
       [](const Cluster& cluster, int replica) {
         return absl::StrCat(cluster.KeysJson(replica).dump(), " trailing");
       }},
      {"cut", "ends in the middle, with the length to match",
       [](const Cluster& cluster, int replica) {
         const std::string whole = cluster.KeysJson(replica).dump();
         return whole.substr(0, whole.size() / 2);
       }},
      {"deep", "nested 40 deep",
       [](const Cluster&, int) { return absl::StrCat("{\"keys\":", Nested(40), "}"); }},
      {"very-deep", "nested 100,000 deep", [](const Cluster&, int) { return Nested(100000); }},
      {"many-keys", "1,001 keys", Changed([](Json& set) { MakeLong(set, 1001); })},
      {"most-keys", "1,000 keys, which is allowed", Changed([](Json& set) { MakeLong(set, 1000); })},
      {"weak-rsa", "an RSA key of 1,024 bits", WithKey("rsa1024", [](Json&) {})},
      {"even-modulus", "an RSA modulus that is even", WithModulus([] { return PlainModulus('\x02'); })},
      {"small-factor", "an RSA modulus divisible by 3", WithModulus([] {
         std::string bytes(256, '\xff');  // 2^2048 - 1
         return bytes;
       })},
      {"roca", "an RSA modulus as made by the chips of CVE-2017-15361", WithModulus(RocaModulus)},
      {"even-exponent", "an RSA exponent of 65,536",
       WithKey("rsa2048", [](Json& key) { key["e"] = Base64Url(std::string("\x01\x00\x00", 3)); })},
      {"huge-rsa", "an RSA modulus of 16,392 bits", WithModulus([] { return std::string(2049, '\xd7'); })},
      {"off-curve", "a point that is not on its curve",
       WithKey("p256", [](Json& key) { key["y"] = key["x"]; })},
      {"wrong-alg", "an EC key that says RS256", WithKey("p256", [](Json& key) { key["alg"] = "RS256"; })},
      {"wrong-crv", "a P-256 key that says P-384", WithKey("p256", [](Json& key) { key["crv"] = "P-384"; })},
      {"kid-number", "a kid that is a number", WithKey("p256", [](Json& key) { key["kid"] = 7; })},
      {"kid-empty", "a kid without a character", WithKey("p256", [](Json& key) { key["kid"] = ""; })},
      {"kid-long", "a kid of 257 bytes",
       WithKey("p256", [](Json& key) { key["kid"] = std::string(257, 'k'); })},
      {"kid-control", "a kid with an escape sequence for terminals",
       WithKey("p256", [](Json& key) { key["kid"] = "a\x1b[31mb"; })},
      {"same-kid", "two different keys under one kid", Changed([](Json& set) {
         Json key = PublicJwk((*GenerateKey("p256")).get());
         key["kid"] = set["keys"][0]["kid"];
         set["keys"].push_back(std::move(key));
       })},
      {"duplicate-key", "the first key twice, which is allowed",
       Changed([](Json& set) { set["keys"].push_back(set["keys"][0]); })},
      {"no-kid", "the first key once more without kid, which is allowed", Changed([](Json& set) {
         Json key = set["keys"][0];
         key.erase("kid");
         set["keys"].push_back(std::move(key));
       })},
      {"enc-too", "a key for encryption besides, which is left out",
       WithKey("rsa2048",
               [](Json& key) {
                 key["use"] = "enc";
                 key["alg"] = "RSA-OAEP";
               })},
      {"enc-only", "nothing but a key for encryption", Changed([](Json& set) {
         set["keys"] = Json::array({PublicJwk((*GenerateKey("p256")).get())});
         set["keys"][0]["use"] = "enc";
         set["keys"][0]["alg"] = "ECDH-ES";
       })},
      {"unknown-type", "a key of the type AKP (ML-DSA) besides, which is passed on", Changed([](Json& set) {
         set["keys"].push_back({{"use", "sig"},
                                {"kty", "AKP"},
                                {"kid", "post-quantum"},
                                {"alg", "ML-DSA-44"},
                                {"pub", Base64Url(std::string(1312, '\x5a'))}});
       })},
      {"unknown-only", "nothing but such a key", Changed([](Json& set) {
         set["keys"] = Json::array({{{"use", "sig"},
                                     {"kty", "AKP"},
                                     {"kid", "post-quantum"},
                                     {"alg", "ML-DSA-44"},
                                     {"pub", Base64Url(std::string(1312, '\x5a'))}}});
       })},
      {"padding", "base64 with padding, which is allowed",
       WithKey("p256", [](Json& key) { key["x"] = absl::StrCat(key["x"].get<std::string>(), "="); })},
      {"standard-alphabet", "base64 with + and /",
       WithKey("p256",
               [](Json& key) { key["x"] = absl::StrCat("+/", key["x"].get<std::string>().substr(2)); })},
      {"tail-bits", "base64 whose last character has bits that mean nothing",
       WithKey("p256",
               [](Json& key) {
                 std::string x = key["x"];
                 x.back() = x.back() == 'A' ? 'B' : static_cast<char>(x.back() + 1);
                 key["x"] = x;
               })},
      {"backquotes", "a kid with three backquotes, which end a code block in a pull request",
       WithKey("p256", [](Json& key) { key["kid"] = "a```b"; })},
  };
  return *bodies;
}

const NamedBody* Find(absl::string_view name) {
  for (const NamedBody& body : Bodies()) {
    if (body.name == name) return &body;
  }
  return nullptr;
}

}  // namespace

bool IsBody(absl::string_view name) { return Find(name) != nullptr; }

std::string MakeBody(absl::string_view name, const Cluster& cluster, int replica) {
  return Find(name)->make(cluster, replica);
}

std::string BodyContentType(absl::string_view name) { return Find(name)->content_type; }

std::string BodyHelp() {
  std::string help;
  for (const NamedBody& body : Bodies()) {
    absl::StrAppend(&help, "  ", body.name, std::string(20 - std::string(body.name).size(), ' '), " ",
                    body.help, "\n");
  }
  return help;
}

}  // namespace devcluster
