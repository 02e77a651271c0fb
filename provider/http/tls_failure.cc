#include "http/tls_failure.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "http/http.h"
#include "http/openssl_pem.h"
#include "json/quote.h"

namespace k8soidc::http {
namespace {

constexpr size_t kMaxNamesShown = 8;

std::string Show(const X509_NAME* name) {
  const OpenSslPtr<BIO> bio(BIO_new(BIO_s_mem()));
  if (name == nullptr || bio == nullptr || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0)
    return "?";
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return json::Quoted(absl::string_view(text, static_cast<size_t>(size)));
}

std::string Show(const ASN1_TIME* time) {
  std::tm broken_down = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken_down) != 1) return "an unreadable date";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromTM(broken_down, absl::UTCTimeZone()),
                          absl::UTCTimeZone());
}

absl::string_view View(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<size_t>(ASN1_STRING_length(text))};
}

// The hosts and addresses a certificate is for; empty when there are none.
std::string NamesOf(X509* certificate) {
  const OpenSslPtr<GENERAL_NAMES> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> shown;
  size_t more = 0;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    std::string text;
    if (name->type == GEN_DNS) {
      text = json::Quoted(View(name->d.dNSName));
    } else if (name->type == GEN_IPADD) {
      const absl::string_view address = View(name->d.iPAddress);
      char buffer[INET6_ADDRSTRLEN] = {};
      const int family = address.size() == 16 ? AF_INET6 : AF_INET;
      if (address.size() != 4 && address.size() != 16) continue;
      text = inet_ntop(family, address.data(), buffer, sizeof(buffer)) == nullptr ? "?" : buffer;
    } else {
      continue;
    }
    if (shown.size() < kMaxNamesShown) {
      shown.push_back(std::move(text));
    } else {
      ++more;
    }
  }
  std::string out = absl::StrJoin(shown, ", ");
  if (more > 0) absl::StrAppend(&out, " and ", more, " more");
  return out;
}

// How sentences and reasons speak of the peer.
struct PeerWords {
  absl::string_view noun;
  absl::string_view reason_prefix;
  absl::string_view where_its_name_is;
};
PeerWords WordsFor(TlsPeer peer) {
  if (peer == TlsPeer::kProxy) return {"the proxy", "proxy_", "in the URL of the proxy"};
  return {"the server", "", "in the URL, or as the TLS server name"};
}

TlsFailure Failure(const PeerWords& peer, absl::string_view reason, std::string sentence) {
  return {absl::StrCat(peer.reason_prefix, reason), std::move(sentence)};
}

TlsFailure WrongName(const PeerWords& peer, X509* leaf, absl::string_view name) {
  const std::string names = leaf == nullptr ? "" : NamesOf(leaf);
  if (names.empty()) {
    return Failure(
        peer, "tls_wrong_name",
        absl::StrCat(peer.noun,
                     "'s certificate lists no host name or address (subjectAltName), and a Common Name "
                     "alone is not accepted. T",
                     peer.noun.substr(1), " needs a certificate that lists ", json::Quoted(name), "."));
  }
  return Failure(peer, "tls_wrong_name",
                 absl::StrCat(peer.noun, "'s certificate is for ", names, ", not for ", json::Quoted(name),
                              ". Use a name it lists: ", peer.where_its_name_is, "."));
}

}  // namespace

TlsFailure DescribeVerifyFailure(x509_store_ctx_st* context, TlsPeer peer, absl::string_view name,
                                 absl::string_view trust) {
  const PeerWords words = WordsFor(peer);
  const int error = X509_STORE_CTX_get_error(context);
  X509* const leaf = X509_STORE_CTX_get0_cert(context);
  X509* const current = X509_STORE_CTX_get_current_cert(context);
  X509* const culprit = current != nullptr ? current : leaf;
  const std::string which = culprit == nullptr || culprit == leaf
                                ? absl::StrCat(words.noun, "'s certificate")
                                : absl::StrCat("the authority ", Show(X509_get_subject_name(culprit)),
                                               " behind ", words.noun, "'s certificate");

  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return WrongName(words, leaf, name);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Failure(words, "tls_expired",
                     absl::StrCat(which, " expired on ", Show(X509_get0_notAfter(culprit)),
                                  ". It must be renewed (or the clock of this machine is wrong)."));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Failure(words, "tls_not_yet_valid",
                     absl::StrCat(which, " is not valid before ", Show(X509_get0_notBefore(culprit)),
                                  ". Check the clock of this machine and of ", words.noun, "."));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    // An authority of the same name but with another key.
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return Failure(
          words, "tls_unknown_authority",
          absl::StrCat(words.noun, "'s certificate was issued by ",
                       Show(leaf == nullptr ? nullptr : X509_get_issuer_name(leaf)), ", which is not among ",
                       trust, ". Is this the right ", words.noun.substr(4),
                       "? If it is, give the CA certificate that issued it."));
    default:
      return Failure(words, "tls_bad_certificate",
                     absl::StrCat(which, " cannot be accepted: ", X509_verify_cert_error_string(error), ". T",
                                  words.noun.substr(1), " needs another certificate."));
  }
}

TlsFailure DescribeAlert(int alert, TlsPeer peer, bool sent_certificate) {
  const PeerWords words = WordsFor(peer);
  switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_DECRYPT_ERROR:
    case TLS13_AD_CERTIFICATE_REQUIRED:
      if (peer == TlsPeer::kProxy) {
        return Failure(
            words, "tls_client_certificate",
            absl::StrCat("the proxy wants a client certificate (TLS alert ", alert,
                         "), and the server's is not shown to a proxy. Use a proxy that asks for a "
                         "user name and password instead."));
      }
      return Failure(words, "tls_client_certificate",
                     sent_certificate
                         ? absl::StrCat("the server does not accept the client certificate (TLS alert ",
                                        alert, "). Is it expired, or issued for another cluster?")
                         : absl::StrCat("the server wants a client certificate (TLS alert ", alert, ")."));
    case SSL_AD_PROTOCOL_VERSION:
      return Failure(
          words, "tls_handshake",
          absl::StrCat(words.noun,
                       " and this program have no TLS version in common; 1.2 or later is needed."));
    case SSL_AD_UNRECOGNIZED_NAME:
      return Failure(
          words, "tls_handshake",
          absl::StrCat(words.noun, " serves nothing under this name (TLS alert 112). Check the host",
                       peer == TlsPeer::kProxy ? "." : ", or the TLS server name."));
    default:
      return Failure(
          words, "tls_handshake",
          absl::StrCat(
              words.noun, " ended the TLS handshake (alert ", alert,
              "). It may allow only other TLS versions or ciphers, or demand a client certificate."));
  }
}

}  // namespace k8soidc::http
