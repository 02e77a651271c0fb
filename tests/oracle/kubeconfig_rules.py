"""Where the provider differs from kubectl on purpose, by name.

A rule looks at the situation (its tags) and at what was said; `STRICTER` excuses our refusal and nothing else, never another server or
credential. What has neither a rule nor the same outcome is a failure.
"""
import base64
import re


class Rule:
    """`said` must be in the message of whoever refuses, one of `tags` (when there are any) in the situation, `server` the one that was reached; `check` looks closer."""
    def __init__(self, name, said, tags, reason, server=None, check=None):
        self.name, self.said, self.tags, self.reason, self.server, self.check = name, re.compile(said), set(
            tags), reason, server, check

    def explains(self, situation, message, reached):
        servers = {request["server"] for request in reached["requests"]}
        return (bool(self.said.search(message)) and (not self.tags or bool(self.tags & set(situation["tags"])))
                and self.server in (None, *servers) and (self.check is None or self.check(situation, reached)))


def given_authorization(overrides):
    """The Authorization header that a flag asks for, or None."""
    if "username" in overrides:
        return "Basic " + base64.b64encode(f"{overrides['username']}:{overrides['password']}".encode()).decode()
    return f"Bearer {overrides['token']}" if "token" in overrides else None


def has_only_given_credential(situation, reached):
    """Whether no credential came from a user entry."""
    given = (None, given_authorization(situation["overrides"]))
    certificates = (None, "certificate-rsa") if "client_certificate" in situation["overrides"] else (None, )
    return not reached["plugin"] and all(
        dict(request["headers"]).get("authorization") in given and request["certificate"] in certificates
        for request in reached["requests"])


# We refuse; kubectl, client-go or both go on.
STRICTER = [
    Rule("home", r"^No cluster is named", ["home"], "~/.kube/config counts only when somebody names it"),
    Rule("missing user",
         r"names the user \".*\", and there is none of that name", (),
         "kubectl goes on without a credential, as somebody else than was meant",
         check=has_only_given_credential),
    Rule(
        "never localhost",
        r"has no current-context|names no cluster|has no server|has no context|none of the files|none of that name. The clusters",
        ["KUBERNETES_MASTER"], "kubectl asks $KUBERNETES_MASTER when nothing names a cluster"),
    Rule("cluster without a name", r"names no cluster", ["nameless cluster"],
         "kubectl takes the cluster named \"\" for a context without one"),
    Rule("user info in the URL", r"the server of cluster .* carries a user name", ["server userinfo"],
         "a credential belongs in the user entry, and not into messages"),
    Rule("query or fragment", r"with a query or a fragment", ["server query", "server fragment"],
         "kubectl drops a query, or takes it for a part of the path"),
    Rule("URL characters", r"the server of cluster .* (space, control character|outside ASCII)",
         ["path odd", "server space"], "no URL has these (RFC 3986)"),
    Rule("IPv6 zone", r"has a zone", ["server zone"], "a certificate cannot name one"),
    Rule("text without a file", r"is a relative path, and this text is in no file", ["text"],
         "there is nothing that it could be relative to"),
    Rule("bare host", r"has no scheme", ["server bare"], "kubectl takes it for plain http and leaves the credential out"),
    Rule("duplicate key", r"a second time|twice|already|duplicate", ["duplicate key"],
         "two readers may read it differently"),
    Rule("impersonation over http",
         r"plain http, and impersonation speaks for a user", ["as", "flag as"],
         "nothing that speaks for a user goes over http",
         server="plain"),
    Rule("contradiction over http",
         r"has a certificate authority and insecure-skip-tls-verify|has both a token and a user name"
         r"|insecure and cluster_ca_certificate contradict|KUBE_INSECURE and .* contradict",
         ["trust insecure and data", "trust insecure and file", "trust insecure odd", "user several", "user basic",
          "flag insecure"],
         "without TLS kubectl does not look",
         server="plain"),
    Rule("exec over http",
         r"of the exec plugin of user", ["user exec"],
         "without TLS kubectl does not look",
         server="plain"),
    Rule("auth-provider", r"uses the auth-provider", ["user auth-provider"],
         "kubectl does not look without TLS, or beside a token file; we never offer it"),
    Rule("named and missing", r"none of the files it names is there", ["files all missing"],
         "a kubeconfig that was named is wanted, whatever else is given"),
    Rule("https proxy", r"proxy.*certificate|certificate.*proxy", ["https proxy"],
         "insecure-skip-tls-verify is about the server; the proxy is always verified"),
    Rule("impersonated name", r"in its field as, which has white space around it", ["as"],
         "a header would lose it, and mean somebody else"),
    Rule("group without a name", r"as-groups, which has a group without a name", ["as"], "an API server refuses it"),
    Rule("token characters", r"the token of user .* (is no bearer token|has white space or a line break around it)"
         r"|the token in its answer .* is no bearer token", ["token odd", "plugin gives spaced token"], "RFC 6750 knows no such token, and kubectl sends it"),
    Rule("password alone", r"has a password without a user name", ["basic half", "empty username"],
         "kubectl asks for the user name, and client-go leaves the password out"),
    Rule("user name characters", r"colon, which basic authentication cannot carry|has control characters", ["basic odd"],
         "RFC 7617 cannot carry it"),
]
# We go on; kubectl, client-go or both refuse.
LOOSER = [
    Rule("Kind", r"no kind \"config\" is registered", ["Kind"],
         "to kubectl a file of \"Kind: config\" has a kind, though it reads all other keys case-sensitively"),
    Rule("file over http",
         r"unable to read (certificate-authority|client-cert|client-key)",
         ["trust missing file", "trust broken", "certificate missing file"],
         "kubectl wants the files that it then does not read",
         server="plain"),
    Rule("https proxy's name", r"proxyconnect tcp: tls: failed to verify certificate", ["https proxy"],
         "kubectl expects the server's tls-server-name of the proxy as well"),
    Rule("socks5h", r"unsupported scheme \"socks5h\"|socks5h", ["socks5h"],
         "the same as socks5, whose proxy looks names up as well"),
]
QUARREL = re.compile(
    r"more than one authentication method|may be set, but not both|are both specified for|No Auth Provider found"
    r"|auth plugin has been removed|ID Token is not a valid JWT|auth provider|exec plugin|invalid interactiveMode"
    r"|must be specified for|error: open .*: no such file|load: open .*: no such file")


def stands_for_itself(situation, ours, theirs):
    """Whether an explicit credential or impersonation did what ours do and kubectl's flags do not: replace the user's.

    To kubectl a flag is one more field of the user entry: two methods are refused, a tokenFile beats --token, and --as
    keeps the entry's as-uid. We must then have sent exactly what was given, and otherwise the same.
    """
    overrides = situation["overrides"]
    if not {"token", "username", "client_certificate", "as"} & set(overrides) or len(ours["requests"]) != 1:
        return False
    request = ours["requests"][0]
    if request["server"] == "plain":  # Where no credential goes, which leaves nothing to quarrel about.
        return not request["headers"] and not theirs["requests"] and bool(QUARREL.search(theirs["error"]))
    headers = [tuple(header) for header in request["headers"]]
    authorization = given_authorization(overrides)
    if authorization and ("authorization", authorization) not in headers:
        return False
    if "client_certificate" in overrides and request["certificate"] != "certificate-rsa":
        return False
    if "as" in overrides and [header for header in headers if header[0].startswith("impersonate-")] != sorted(
            [("impersonate-user", overrides["as"])] + [("impersonate-group", name) for name in overrides.get("as_groups", [])]):
        return False
    if not theirs["requests"]:
        return bool(QUARREL.search(theirs["error"]))
    replaced = (["authorization"] if "token" in overrides else []) + (["impersonate-"] if "as" in overrides else [])
    return bool(replaced) and without(theirs, tuple(replaced)) == without(ours, tuple(replaced))


def without(outcome, names):
    requests = [{**request, "headers": [header for header in request["headers"] if not header[0].startswith(names)]}
                for request in outcome["requests"]]
    return requests, outcome["proxies"], outcome["plugin"]


def explain(situation, ours, theirs):
    """The name of the rule that explains why two outcomes differ, or None."""
    if not ours["requests"] and not theirs["requests"]:  # Both were refused, but not in the same place.
        return next((rule.name for rule in LOOSER if rule.explains(situation, theirs["error"], ours)), None)
    if not ours["requests"]:
        return next((rule.name for rule in STRICTER if rule.explains(situation, ours["error"], theirs)), None)
    if stands_for_itself(situation, ours, theirs):
        return "explicit credential"
    if not theirs["requests"]:
        return next((rule.name for rule in LOOSER if rule.explains(situation, theirs["error"], ours)), None)
    return None
