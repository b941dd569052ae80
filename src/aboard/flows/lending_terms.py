"""Under which terms does this process lend? Its policies, keys, addresses, switches and bounds.

Source: ADR-0029, the gateway; docs/settings.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from aboard.core.lending.callers import GatewayCaller, TokenRecord
from aboard.core.lending.master_keys import MasterKeys
from aboard.core.lending.policies import Policy
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.remembered import Remembered

REMEMBERED_SECONDS: Final = 0.5
"""For how long a token, a caller and a credential are believed without looking again."""
MOST_BODY_BYTES: Final = 1024 * 1024
MOST_FILE_BYTES: Final = 32 * 1024 * 1024
_MOST_BORROWERS: Final = 10_000


class LendingMemory:
    """What one process read a moment ago: borrowers by the digest of their token, and keys."""

    def __init__(self, *, seconds: float = REMEMBERED_SECONDS) -> None:
        """Remember nothing yet."""
        self.borrowers: Remembered[str, tuple[GatewayCaller, TokenRecord]]
        self.borrowers = Remembered(seconds=seconds, most=_MOST_BORROWERS)
        self.keys: Remembered[tuple[Mode, str], Secret] = Remembered(seconds=seconds, most=1000)


@dataclass(frozen=True, slots=True)
class Lending:
    """What the gateway is given. Bases are addresses without a slash at the end.

    `own_keys` are the keys of the settings by mode, lent where the database has none: the
    gateway's, or else the platform's. `body_timeout` bounds how long a body may take to come,
    `upstream_timeout` how long Stripe may take to begin its answer, or to go on with it.
    """

    policies: Mapping[str, Policy] = field(default_factory=dict)
    master_keys: MasterKeys | None = None
    own_keys: Mapping[Mode, Secret] = field(default_factory=dict)
    upstreams: Mapping[Mode, str] = field(default_factory=dict)
    files: Mapping[Mode, str] = field(default_factory=dict)
    writes: bool = True
    body_timeout: timedelta = timedelta(seconds=30)
    upstream_timeout: timedelta = timedelta(seconds=80)
    most_body_bytes: int = MOST_BODY_BYTES
    most_file_bytes: int = MOST_FILE_BYTES
    memory: LendingMemory = field(default_factory=LendingMemory, repr=False, compare=False)
