"""What do two interleaved series of samples say about each other? Plain arithmetic.

Every claim is a ratio within one round, so that a slow minute of the machine slows both sides:
the median over the rounds is the finding, the least and the greatest are its honesty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

EQUAL_WITHIN = 1.2


@dataclass(frozen=True, slots=True)
class Spread:
    """A series in three numbers."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Summarise at least one value.

        >>> Spread.of([3.0, 1.0, 2.0])
        Spread(median=2.0, least=1.0, greatest=3.0)
        """
        return cls(median(values), min(values), max(values))


class Better(StrEnum):
    """Which way is up."""

    HIGHER = "higher"
    LOWER = "lower"


class Verdict(StrEnum):
    """How a number stands to what was promised."""

    MOONSHOT = "moonshot"
    REACHED = "reached"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Target:
    """What must be reached first, and what nobody expects."""

    reach: float
    moonshot: float

    def judge(self, value: float, better: Better) -> Verdict:
        """Say how far this value came.

        >>> Target(reach=6, moonshot=20).judge(7.5, Better.HIGHER).value
        'reached'
        """
        if better is Better.LOWER:
            value, reach, moonshot = -value, -self.reach, -self.moonshot
        else:
            reach, moonshot = self.reach, self.moonshot
        if value >= moonshot:
            return Verdict.MOONSHOT
        return Verdict.REACHED if value >= reach else Verdict.MISSED

    def shortfall_percent(self, value: float, better: Better) -> float:
        """Return by how much `reach` was missed, in per cent of it; 0 when it was reached."""
        short = self.reach - value if better is Better.HIGHER else value - self.reach
        return max(0.0, 100 * short / self.reach)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """Return ours divided by theirs, round by round.

    >>> ratios([10.0, 30.0], [5.0, 10.0])
    (2.0, 3.0)
    """
    return tuple(mine / other for mine, other in zip(ours, theirs, strict=True))


def is_equal(ratio: float) -> bool:
    """Say whether two sides are too near to call: a ratio under 1.2 in either direction."""
    return 1 / EQUAL_WITHIN < ratio < EQUAL_WITHIN
