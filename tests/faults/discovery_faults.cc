// Discovery documents that are none, and issuers that are not who was asked (T-05, T-06, T-11, T-16).

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

struct Row {
  const char* name;
  std::string body;
  std::vector<std::string> expect;
};

// A document whose members but the issuer are good. `issuer` is JSON.
std::string Document(absl::string_view issuer, absl::string_view more = "") {
  return absl::StrCat(
      R"({"jwks_uri":"https://c.example/openid/v1/jwks","response_types_supported":["id_token"],)",
      R"("subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"])", more,
      R"(,"issuer":)", issuer, "}");
}

std::string Nested(int depth) { return absl::StrCat(std::string(depth, '['), std::string(depth, ']')); }

// Read from a cluster, by k8soidc_issuer.
std::vector<Row> DocumentRows() {
  constexpr char kNone[] = "not a discovery document: ";
  const std::string good = Document("\"https://c.example\"");
  return {
      {"Good", good, {}},
      {"Empty", "", {"the answer is empty, where a discovery document is expected"}},
      {"OnlySpaces", " \n\t ", {"the answer is empty"}},
      {"LoginPage",
       absl::StrCat("<!DOCTYPE html><form>", kBodySecret, "</form>"),
       {"the answer is a web page"}},
      {"LoginPageAfterAMark", "\xef\xbb\xbf<html></html>", {"the answer is a web page"}},
      {"Text",
       absl::StrCat("upstream connect error ", kBodySecret),
       {kNone, "line 1, column 1: not valid JSON"}},
      {"ByteOrderMark", absl::StrCat("\xef\xbb\xbf", good), {kNone, "byte order mark"}},
      {"Utf16", std::string("{\0\"\0i\0\"\0", 8), {kNone, "NUL"}},
      {"NotUtf8", Document("\"https://c.example/\xff\""), {kNone, "not UTF-8"}},
      {"OverlongUtf8", Document("\"https://c.example/\xc0\xaf\""), {kNone, "not UTF-8"}},
      {"Surrogate", Document("\"https://c.example/\\ud800\""), {kNone, "surrogate"}},
      {"NulAfterTheEnd",
       absl::StrCat(good, std::string(1, '\0'), "{\"issuer\":\"https://evil.example\"}"),
       {kNone, "NUL"}},
      {"Prefix", absl::StrCat(")]}'\n", good), {kNone, "not valid JSON"}},
      {"Trailing", absl::StrCat(good, " and more"), {kNone, "more text after the end"}},
      {"TwoDocuments", absl::StrCat(good, good), {kNone, "more text after the end"}},
      {"CutOff", good.substr(0, good.size() - 4), {kNone, "ends in the middle"}},
      {"Comment", absl::StrCat("/* x */", good), {kNone, "not valid JSON"}},
      {"SingleQuotes", "{'issuer':'https://c.example'}", {kNone, "not valid JSON"}},
      {"TrailingComma", "{\"issuer\":\"https://c.example\",}", {kNone, "not valid JSON"}},
      {"NotANumber", Document("\"https://c.example\"", ",\"x\":NaN"), {kNone, "not valid JSON"}},
      {"HugeNumber", Document("\"https://c.example\"", ",\"x\":1e400"), {kNone, "a number too large"}},
      {"Deep", Document(Nested(40)), {kNone, "nested deeper than 32 levels"}},
      {"VeryDeep", Nested(100000), {kNone, "nested deeper than 32 levels"}},
      {"DeepObjects",
       [] {
         std::string text;
         for (int i = 0; i < 20000; ++i) text += "{\"a\":";
         return text;
       }(),
       {kNone, "nested deeper than 32 levels"}},
      {"IssuerTwice",
       Document("\"https://c.example\"", ",\"issuer\":\"https://evil.example\""),
       {kNone, "member \"issuer\" appears twice"}},
      {"IssuerTwiceByEscape",
       Document("\"https://c.example\"", ",\"i\\u0073suer\":\"https://evil.example\""),
       {kNone, "member \"issuer\" appears twice"}},
      {"Array", absl::StrCat("[", good, "]"), {kNone, "it is no JSON object"}},
      {"Null", "null", {kNone, "it is no JSON object"}},
      {"Number", "42", {kNone, "it is no JSON object"}},
      {"NoIssuer",
       "{\"jwks_uri\":\"https://c.example/keys\"}",
       {kNone, "it has no issuer", "--service-account-issuer"}},
      {"IssuerNull", Document("null"), {kNone, "it has no issuer"}},
      {"IssuerNumber", Document("7"), {kNone, "its issuer is no string"}},
      {"IssuerArray", Document("[\"https://c.example\"]"), {kNone, "its issuer is no string"}},
      {"IssuerEmpty", Document("\"\""), {"its issuer", "is empty"}},
      {"IssuerPlainHttp",
       Document("\"http://c.example\""),
       {"its issuer \"http://c.example\" does not start with https://"}},
      {"IssuerWithoutScheme", Document("\"kubernetes/serviceaccount\""), {"does not start with https://"}},
      {"IssuerWithPassword",
       Document(absl::StrCat("\"https://u:", kPassword, "@c.example\"")),
       {"its issuer", "is no URL"}},
      {"IssuerWithQuery", Document("\"https://c.example?x=1\""), {"has a query"}},
      {"IssuerWithFragment", Document("\"https://c.example#x\""), {"has a fragment"}},
      {"IssuerWithDots", Document("\"https://c.example/a/../b\""), {"has a \".\" or \"..\" in its path"}},
      {"IssuerWithLineBreak",
       Document("\"https://c.example/\\nError: forged\""),
       {"its issuer", "is no URL"}},
      {"IssuerWithEscapeSequence", Document("\"https://c.example/\\u001b[2J\""), {"its issuer", "is no URL"}},
      {"IssuerRightToLeft", Document("\"https://c.example/\xe2\x80\xae\""), {"its issuer", "is no URL"}},
      {"IssuerTooLong",
       Document(absl::StrCat("\"https://c.example/", std::string(2048, 'a'), "\"")),
       {"its issuer", "is longer than 2048 bytes"}},
      {"IssuerPort0", Document("\"https://c.example:0\""), {"its issuer", "is no URL"}},
      {"IssuerPort65536", Document("\"https://c.example:65536\""), {"its issuer", "is no URL"}},
      {"IssuerWithoutHost", Document("\"https:///x\""), {"its issuer", "is no URL"}},
      {"IssuerWithZone", Document("\"https://[fe80::1%25eth0]\""), {"its issuer", "is no URL"}},
      {"JwksUriNumber",
       "{\"issuer\":\"https://c.example\",\"jwks_uri\":7}",
       {kNone, "its jwks_uri is no string"}},
      {"AlgorithmsAText",
       "{\"issuer\":\"https://c.example\",\"id_token_signing_alg_values_supported\":\"RS256\"}",
       {kNone, "id_token_signing_alg_values_supported is no list of at most 200 strings"}},
      {"AlgorithmsOfNumbers",
       "{\"issuer\":\"https://c.example\",\"response_types_supported\":[1]}",
       {kNone, "response_types_supported is no list"}},
      {"TooManyAlgorithms",
       absl::StrCat(
           "{\"issuer\":\"https://c.example\",\"subject_types_supported\":[",
           [] {
             std::string list = "\"a\"";
             for (int i = 0; i < 300; ++i) list += ",\"a\"";
             return list;
           }(),
           "]}"),
       {kNone, "subject_types_supported is no list"}},
      {"AStatus", R"({"kind":"Status","apiVersion":"v1","status":"Failure"})", {kNone, "it has no issuer"}},
  };
}

// Read from an issuer by `url`, by k8soidc_jwks. ISSUER in a body stands for that URL.
std::vector<Row> IssuerRows() {
  constexpr char kOther[] = "the document's issuer is ";
  return {
      {"OtherIssuer",
       Document("\"https://evil.example\""),
       {kOther, "\"https://evil.example\", not \"https://127.0.0.1:"}},
      {"SlashMore", Document("\"ISSUER/\""), {kOther}},
      {"UpperCaseScheme", Document("\"HTTPS://127.0.0.1\""), {"its issuer"}},
      {"OtherPort", Document("\"https://127.0.0.1:1\""), {kOther}},
      {"TrailingSpace", Document("\"ISSUER \""), {"its issuer"}},
      {"TrailingNul", Document("\"ISSUER\\u0000\""), {"its issuer"}},
      {"PercentEscape", Document("\"ISSUER/%2e\""), {kOther}},
      {"NoJwksUri", "{\"issuer\":\"ISSUER\"}", {"the document has no jwks_uri"}},
      {"JwksUriPlainHttp",
       "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"http://127.0.0.1/keys\"}",
       {"jwks_uri \"http://127.0.0.1/keys\" is no https URL"}},
      {"JwksUriAFile", "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"file:///etc/passwd\"}", {"is no https URL"}},
      {"JwksUriWithPassword",
       absl::StrCat("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"https://u:", kPassword, "@127.0.0.1/keys\"}"),
       {"is no https URL"}},
      {"JwksUriRelative", "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"/keys\"}", {"is no https URL"}},
      {"JwksUriWithControls",
       "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"https://127.0.0.1/\\r\\nX: y\"}",
       {"is no https URL"}},
      {"JwksUriRefused",
       "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"https://127.0.0.1:1/keys\"}",
       {"https://127.0.0.1:1/keys: connection refused"}},
      {"JwksUriIsTheDocument",
       "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"ISSUER/.well-known/openid-configuration\"}",
       {"it is the discovery document, which only points to the keys"}},
  };
}

std::vector<FaultCase> DocumentCases() {
  std::vector<FaultCase> cases;
  for (const Row& row : DocumentRows()) {
    cases.push_back({.name = row.name,
                     .prepare = [body = row.body](Stage& stage) { stage.Serve(ServesBody(body)); },
                     .expect = row.expect,
                     .data_source = "k8soidc_issuer",
                     .requests = 1,
                     .answer_is_whole = true});
  }
  return cases;
}

std::vector<FaultCase> IssuerCases() {
  std::vector<FaultCase> cases;
  for (const Row& row : IssuerRows()) {
    cases.push_back(
        {.name = row.name,
         .prepare =
             [body = row.body](Stage& stage) {
               const auto url = std::make_shared<std::string>();
               stage.Serve([url, body](RawConnection& connection) {
                 const std::string answer = OkAnswer(absl::StrReplaceAll(body, {{"ISSUER", *url}}));
                 while (!connection.ReadRequest().empty()) connection.Send(answer);
               });
               *url = stage.server().url("");
               stage.read.insert_or_assign("url", tfsdk::Value::String(*url));
               stage.read.insert_or_assign("ca_certificate", tfsdk::Value::String(Authority().certificate()));
               // Nothing of the cluster's goes to an issuer named by url.
               RawServer& server = stage.server();
               stage.AtEnd([&server] {
                 for (const std::string& request : server.requests()) {
                   EXPECT_EQ(request.find("Authorization"), std::string::npos) << request;
                 }
               });
             },
         .expect = row.expect,
         .answer_is_whole = true});
  }
  return cases;
}

FAULT_FAMILY(DiscoveryDocument, DocumentCases());
FAULT_FAMILY(DiscoveryIssuer, IssuerCases());

}  // namespace
}  // namespace k8soidc::faults
