"""How hard Hypothesis tries: the same few hundred examples in every run, or thousands of new ones on demand.

`HYPOTHESIS_PROFILE=long pytest tests/agreement` draws twenty times as many, new ones each time.
"""

import os

from hypothesis import HealthCheck, settings

LONG = "long"

settings.register_profile(
    "agreement",
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
settings.register_profile(LONG, settings.get_profile("agreement"), derandomize=False, print_blob=True)


def effort(examples: int) -> settings:
    """So many examples, the same in every run; with the profile `long` twenty times as many, and others."""
    if os.environ.get("HYPOTHESIS_PROFILE") == LONG:
        return settings(settings.get_profile(LONG), max_examples=20 * examples)
    return settings(settings.get_profile("agreement"), max_examples=examples)
