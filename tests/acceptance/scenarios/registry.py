"""The list that scenarios enter themselves into."""

SCENARIOS = {}


class Scenario:
    def __init__(self, function, core):
        self.name = function.__name__
        self.function = function
        self.core = core


def scenario(function=None, *, core=False):
    """Registers a function that takes a Stage. `core`: also run with the clients that are not the main one."""
    def register(inner):
        SCENARIOS[inner.__name__] = Scenario(inner, core)
        return inner
    return register(function) if function else register
