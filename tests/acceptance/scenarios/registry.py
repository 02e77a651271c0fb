"""The list that scenarios enter themselves into."""

SCENARIOS = {}


class Scenario:
    def __init__(self, function, core, real):
        self.name = function.__name__
        self.function = function
        self.core = core
        self.real = real


def scenario(function=None, *, core=False, real=False):
    """Registers a function that takes a Stage.

    `core`: also run with the clients that are not the main one. `real`: against a real kube-apiserver, with the main
    client and protocol 6 only.
    """
    def register(inner):
        SCENARIOS[inner.__name__] = Scenario(inner, core, real)
        return inner
    return register(function) if function else register
