"""What must an account have before it may go live, unless the platform decided otherwise?

Source: docs/settings.md; ADR-0014, the gate and its announcements.
"""

import re

from aboard.core.go_live import Condition, GoLivePolicy
from aboard.settings.sources import Sources

_CAPABILITY = re.compile(r"[a-z][a-z0-9_]*")


def read_policy(given: Sources) -> GoLivePolicy:
    """Read what the gate asks for; what makes no sense is noted as a problem."""
    capabilities = given.listed("GO_LIVE_CAPABILITIES")
    if not all(map(_CAPABILITY.fullmatch, capabilities)):
        given.problem("GO_LIVE_CAPABILITIES", "must be names of capabilities, such as transfers")
    words = given.listed("GO_LIVE_CONDITIONS")
    known = {condition.value: condition for condition in Condition}
    if not known.keys() >= set(words):
        given.problem("GO_LIVE_CONDITIONS", f"each is one of {', '.join(known)}")
    conditions = frozenset(known[word] for word in words if word in known)
    return GoLivePolicy(capabilities, conditions)
