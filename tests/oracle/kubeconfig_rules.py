"""Where the provider differs from kubectl on purpose. Each rule looks at the situation and at what we said; none excuses another server or credential."""
import re


class Rule:
    """`error` must be in our message, and one of `tags` (when there are any) in the situation."""

    def __init__(self, name, error, tags=(), reason=""):
        self.name, self.error, self.tags, self.reason = name, re.compile(error), set(tags), reason

    def explains(self, situation, error):
        return bool(self.error.search(error)) and (not self.tags or bool(self.tags & set(situation["tags"])))


# We refuse, and kubectl or client-go goes on.
STRICTER = [
    Rule("home", r"^No cluster is named", ["home"], "~/.kube/config counts only when somebody names it"),
]
NOT_OFFERED = [
    Rule("not offered", r"does not offer yet|which this version does not offer"),
    Rule("no http yet", r"over plain http anybody could answer"),
]
# We go on, and they refuse.
LOOSER = [
    Rule("socks5h", r"socks5h", ["socks5h"], "the same as socks5, whose proxy looks names up as well"),
]
