"""How hypothesis runs here: no example has a deadline, since no test measures wall time."""

from hypothesis import settings

settings.register_profile("hookcli", deadline=None)
settings.load_profile("hookcli")
