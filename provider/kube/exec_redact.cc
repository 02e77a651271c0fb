#include "kube/exec_redact.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

constexpr char kRedacted[] = "[redacted]";
constexpr size_t kMinKnown = 4;  // Shorter values ("1", "us") would take words apart and hide nothing.
constexpr size_t kMaxHead = 300;
constexpr size_t kMaxTail = 700;

bool IsOneOf(char c, absl::string_view set) { return set.find(c) != absl::string_view::npos; }
size_t EndOr(size_t found, absl::string_view text) { return std::min(found, text.size()); }

// ---- Values that are known to be secret ----

std::string RedactKnown(std::string text, const std::vector<Secret>& known) {
  std::vector<std::string> values;
  for (const Secret& secret : known) {
    const std::string stripped = StripTerminalControls(secret.Reveal());
    for (const absl::string_view line : absl::StrSplit(stripped, '\n')) {
      const absl::string_view value = absl::StripAsciiWhitespace(line);
      if (value.size() >= kMinKnown) values.emplace_back(value);
    }
  }
  // The longest first: a value may be a part of another.
  std::sort(values.begin(), values.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  for (const std::string& value : values) text = absl::StrReplaceAll(text, {{value, kRedacted}});
  return text;
}

// ---- PEM ----

std::string RedactPem(absl::string_view text) {
  std::string result;
  while (true) {
    const size_t begin = text.find("-----BEGIN");
    const size_t end = text.find("-----END");
    if (end == absl::string_view::npos) {
      if (begin == absl::string_view::npos) return absl::StrCat(result, text);
      return absl::StrCat(result, text.substr(0, begin), kRedacted);
    }
    // An END whose BEGIN is not there: everything before it may be of the block.
    if (begin < end) absl::StrAppend(&result, text.substr(0, begin));
    absl::StrAppend(&result, kRedacted);
    const size_t end_of_line = text.find('\n', end);
    text.remove_prefix(EndOr(end_of_line, text));
  }
}

// ---- URLs ----

std::string RedactUrls(absl::string_view text) {
  std::string result;
  while (true) {
    const size_t scheme = text.find("://");
    if (scheme == absl::string_view::npos) return absl::StrCat(result, text);
    absl::StrAppend(&result, text.substr(0, scheme + 3));
    text.remove_prefix(scheme + 3);
    absl::string_view url = text.substr(0, EndOr(text.find_first_of(" \n\"'<>`"), text));
    text.remove_prefix(url.size());
    const size_t query = url.find_first_of("?#");
    const absl::string_view before_query = url.substr(0, query);
    const size_t at = before_query.rfind('@');
    if (at == absl::string_view::npos) {
      absl::StrAppend(&result, before_query);
    } else {
      absl::StrAppend(&result, kRedacted, before_query.substr(at));
    }
    if (query != absl::string_view::npos) absl::StrAppend(&result, url.substr(query, 1), kRedacted);
  }
}

// ---- What follows a word that announces a secret ----

constexpr absl::string_view kAnnouncing[] = {
    "token",      "password",   "passwd",     "passphrase", "passcode",    "bearer",      "authorization",
    "secret",     "api key",    "api-key",    "api_key",    "apikey",      "basic ",      "cookie",
    "access key", "access-key", "access_key", "accesskey",  "private key", "private-key", "private_key",
};

// Words that may stand behind one of those in a sentence, and are no secrets.
constexpr absl::string_view kPlainWords[] = {
    "a",           "an",
    "the",         "is",
    "are",         "was",
    "were",        "be",
    "been",        "has",
    "have",        "had",
    "not",         "no",
    "can",         "cannot",
    "could",       "will",
    "would",       "should",
    "must",        "may",
    "this",        "that",
    "it",          "its",
    "of",          "in",
    "on",          "at",
    "to",          "for",
    "from",        "with",
    "without",     "by",
    "and",         "or",
    "but",         "as",
    "if",          "when",
    "while",       "after",
    "before",      "because",
    "expired",     "expires",
    "invalid",     "missing",
    "required",    "revoked",
    "rejected",    "refused",
    "denied",      "empty",
    "wrong",       "unknown",
    "found",       "failed",
    "fails",       "failure",
    "error",       "refresh",
    "refreshed",   "provided",
    "given",       "included",
    "present",     "set",
    "unset",       "please",
    "run",         "try",
    "again",       "login",
    "log",         "your",
    "you",         "issued",
    "valid",       "request",
    "response",    "server",
    "client",      "endpoint",
    "file",        "variable",
    "environment", "cache",
    "cached",      "user",
    "account",     "type",
    "format",      "service",
    "get",         "read",
    "write",       "obtain",
    "acquire",     "fetch",
    "retrieve",    "exchange",
    "auth",        "authentication",
    "flow",        "source",
    "using",       "does",
    "exist",       "match",
};

bool IsPlain(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(word);
  absl::string_view core = lower;
  while (!core.empty() && IsOneOf(core.back(), ".,;:!?)\"'")) core.remove_suffix(1);
  while (!core.empty() && IsOneOf(core.front(), "(\"'")) core.remove_prefix(1);
  return core.empty() ||
         std::find(std::begin(kPlainWords), std::end(kPlainWords), core) != std::end(kPlainWords);
}

// Where the first announcing word of `line` ends, with what hangs on to it ("token_id", "secrets"), or npos.
size_t EndOfAnnouncement(absl::string_view line) {
  const std::string lower = absl::AsciiStrToLower(line);
  size_t begin = absl::string_view::npos;
  size_t end = absl::string_view::npos;
  for (const absl::string_view word : kAnnouncing) {
    const size_t found = lower.find(word.data(), 0, word.size());
    if (found >= begin) continue;
    begin = found;
    end = found + word.size() - (word.back() == ' ' ? 1 : 0);
  }
  while (end < line.size() && (absl::ascii_isalnum(line[end]) || line[end] == '_' || line[end] == '-')) ++end;
  return begin == absl::string_view::npos ? begin : end;
}

// Redacts the words of `text` that are not plain, up to the end of the sentence or of the line; removes what it
// has dealt with.
std::string RedactSentence(absl::string_view& text) {
  std::string result;
  while (!text.empty()) {
    const size_t spaces = EndOr(text.find_first_not_of(' '), text);
    absl::StrAppend(&result, text.substr(0, spaces));
    text.remove_prefix(spaces);
    const absl::string_view word = text.substr(0, EndOr(text.find(' '), text));
    if (word.empty()) break;
    // A new announcement: for the caller.
    if (EndOfAnnouncement(word) != absl::string_view::npos) break;
    const bool is_plain = IsPlain(word);
    absl::StrAppend(&result, is_plain ? word : kRedacted);
    text.remove_prefix(word.size());
    if (is_plain && IsOneOf(word.back(), ".;!?")) break;
  }
  return result;
}

std::string RedactLine(absl::string_view line) {
  std::string result;
  while (true) {
    const size_t end = EndOfAnnouncement(line);
    if (end == absl::string_view::npos) return absl::StrCat(result, line);
    absl::StrAppend(&result, line.substr(0, end));
    line.remove_prefix(end);
    if (line.empty()) return result;
    // Punctuation that ends the thought, or makes the word a part of a path: look on.
    if (IsOneOf(line[0], "/.,;)]!?")) continue;
    const size_t next = line.find_first_not_of(' ');
    if (next == absl::string_view::npos) return result;
    if (next == 0 || !(absl::ascii_isalnum(line[next]) || IsOneOf(line[next], "(/-"))) {
      return absl::StrCat(result, line.substr(0, next), kRedacted);
    }
    absl::StrAppend(&result, RedactSentence(line));
  }
}

// ---- What looks random ----

bool IsRunCharacter(char c) { return absl::ascii_isalnum(c) || IsOneOf(c, "+/=_.~%-"); }

struct Letters {
  bool digit = false, upper = false, lower = false;
};

Letters LettersOf(absl::string_view text) {
  Letters letters;
  for (const char c : text) {
    letters.digit |= absl::ascii_isdigit(c);
    letters.upper |= absl::ascii_isupper(c);
    letters.lower |= absl::ascii_islower(c);
  }
  return letters;
}

// A piece of a name, such as "auth", "v0", "1beta", "2026" or "UnrecognizedClientException".
bool IsNamePiece(absl::string_view piece) {
  const Letters letters = LettersOf(piece);
  if (letters.digit) return piece.size() <= (letters.upper || letters.lower ? 6u : 15u);
  // In words, capitals are rare.
  const auto capitals = static_cast<size_t>(
      std::count_if(piece.begin(), piece.end(), [](char c) { return absl::ascii_isupper(c); }));
  return piece.size() < 24 || (piece.size() < 64 && capitals * 4 <= piece.size());
}

bool LooksRandom(absl::string_view run) {
  const Letters letters = LettersOf(run);
  const bool is_path = IsOneOf(run[0], "/.~") || absl::StrContains(run, "//");
  if (!is_path && run.size() >= 24 && letters.digit && letters.upper && letters.lower) return true;
  for (const absl::string_view segment : absl::StrSplit(run, absl::ByAnyChar("/.~%"))) {
    if (segment.size() < 16) continue;
    const std::vector<absl::string_view> pieces = absl::StrSplit(segment, absl::ByAnyChar("-_+="));
    if (!std::all_of(pieces.begin(), pieces.end(), IsNamePiece)) return true;
  }
  return false;
}

std::string RedactRandom(absl::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto* const end = std::find_if_not(text.begin(), text.end(), IsRunCharacter);
    const absl::string_view run = text.substr(0, static_cast<size_t>(end - text.begin()));
    if (run.size() >= 16 && LooksRandom(run)) {
      absl::StrAppend(&result, kRedacted);
    } else {
      absl::StrAppend(&result, run);
    }
    text.remove_prefix(run.size());
    if (text.empty()) break;
    result.push_back(text[0]);
    text.remove_prefix(1);
  }
  return result;
}

// ---- Terminals ----

// The length of the escape sequence at the start of `text`, which starts with ESC (ECMA-48, 5.3 and 5.4).
size_t EscapeLength(absl::string_view text) {
  if (text.size() < 2) return text.size();
  if (text[1] == '[') {
    size_t i = 2;
    while (i < text.size() && text[i] >= 0x20 && text[i] <= 0x3F) ++i;
    return std::min(i + 1, text.size());
  }
  if (IsOneOf(text[1], "]PX^_")) {  // A string, up to BEL or ESC \. Unterminated: only its introducer.
    const size_t end = text.find_first_of("\a\x1B\n", 2);
    if (end == absl::string_view::npos || text[end] == '\n') return 2;
    return text[end] == '\a' ? end + 1 : std::min(end + 2, text.size());
  }
  size_t i = 1;
  while (i < text.size() && text[i] >= 0x20 && text[i] <= 0x2F) ++i;
  return std::min(i + 1, text.size());
}

// The length of an invisible UTF-8 sequence at the start of `text`: C1 controls, zero-width and bidirectional
// marks. 0: none.
size_t InvisibleLength(absl::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  if (byte(0) == 0xC2 && byte(1) == 0xAD) return 2;
  if (byte(0) == 0xD8 && byte(1) == 0x9C) return 2;
  if (byte(0) == 0xE2 && byte(1) == 0x80 &&
      ((byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xA8 && byte(2) <= 0xAE)))
    return 3;
  if (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA0 && byte(2) <= 0xAF) return 3;
  if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return 3;
  return 0;
}

// One line, with single spaces.
std::string Fold(absl::string_view text) {
  std::vector<absl::string_view> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const absl::string_view stripped = absl::StripAsciiWhitespace(line);
    if (!stripped.empty()) lines.push_back(stripped);
  }
  return absl::StrJoin(lines, " | ");
}

}  // namespace

std::string StripTerminalControls(absl::string_view text) {
  std::string result;
  while (!text.empty()) {
    const char c = text[0];
    size_t length = 1;
    if (c == '\x1B') {
      length = EscapeLength(text);
    } else if (c == '\n' || c == '\r' || c == '\v' || c == '\f') {
      result.push_back('\n');
    } else if (c == '\t') {
      result.push_back(' ');
    } else if (const size_t invisible = InvisibleLength(text); invisible > 0) {
      length = invisible;
    } else if (!absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      result.push_back(c);
    }
    text.remove_prefix(length);
  }
  return result;
}

std::string RedactSecrets(absl::string_view text, const std::vector<Secret>& known) {
  const std::string redacted = RedactUrls(RedactPem(RedactKnown(StripTerminalControls(text), known)));
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(redacted, '\n')) {
    lines.push_back(RedactRandom(RedactLine(line)));
  }
  return Fold(absl::StrJoin(lines, "\n"));
}

std::string RedactOutput(absl::string_view head, absl::string_view tail, bool is_cut,
                         const std::vector<Secret>& known) {
  std::string first, last;
  if (is_cut) {
    // The secret that the cut went through is not recognised any more.
    first = RedactSecrets(head.substr(0, head.rfind('\n') == absl::string_view::npos ? 0 : head.rfind('\n')),
                          known);
    const size_t line_end = tail.find('\n');
    last = line_end == absl::string_view::npos ? "" : RedactSecrets(tail.substr(line_end), known);
  } else {
    last = RedactSecrets(absl::StrCat(head, tail), known);
    if (last.size() <= kMaxHead + kMaxTail) return last;
    first = last;
  }
  if (first.size() > kMaxHead) first.resize(kMaxHead);
  if (last.size() > kMaxTail) last.erase(0, last.size() - kMaxTail);
  return absl::StrCat(first, " [...] ", last);
}

}  // namespace k8soidc::kube
