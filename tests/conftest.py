"""What all tests share: properties are tried on the same examples in every run, so that a failure repeats."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
