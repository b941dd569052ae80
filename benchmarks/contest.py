"""How are two sides measured fairly? Interleaved, round by round, with ourselves twice.

A contest has ours first, then ourselves again (the A/A row: what it shows is noise), then the
peers. Every round samples each of them once and begins with another one, so that nobody is
always first. An uncounted round goes before, for caches and compilers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.ratios import Better, Spread, Target, ratios

LEAST_ROUNDS = 5


class WrongAnswer(Exception):
    """A side answered, and the answer is not the right one. No speed makes up for that."""


class LeftOut(Exception):
    """What a contest needs is not on this machine; the others are held all the same."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: the contest's measure, and the CPU milliseconds per unit of work."""

    value: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Contestant:
    """One side. `measure` takes one sample and raises WrongAnswer rather than count a bad one."""

    name: str
    measure: Callable[[], Sample]
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """Ours, ourselves again, and the peers, under one measure.

    A peer's target is the ratio of ours to it; our own target is the measure itself.
    `check` runs after the last round and raises WrongAnswer when what was stored is wrong.
    """

    id: str
    title: str
    measure: str
    better: Better
    ours: Contestant
    again: Contestant
    peers: tuple[Contestant, ...] = ()
    check: Callable[[], None] = lambda: None
    notes: Callable[[], list[str]] = list

    @property
    def contestants(self) -> tuple[Contestant, ...]:
        """Return all sides, ours first."""
        return (self.ours, self.again, *self.peers)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one side measured, and ours divided by it."""

    name: str
    values: tuple[float, ...]
    cpu_ms: tuple[float, ...]
    target: Target | None
    ratio: Spread | None
    cpu_ratio: Spread | None

    @property
    def value(self) -> Spread:
        """Return the measure over the rounds."""
        return Spread.of(self.values)

    @property
    def cpu(self) -> Spread:
        """Return the CPU milliseconds per unit of work over the rounds."""
        return Spread.of(self.cpu_ms)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A contest that was held."""

    id: str
    title: str
    measure: str
    better: Better
    rounds: int
    standings: tuple[Standing, ...]
    notes: tuple[str, ...] = ()

    @property
    def ours(self) -> Standing:
        """Return our own standing."""
        return self.standings[0]

    @property
    def again(self) -> Standing:
        """Return the A/A row."""
        return self.standings[1]


@dataclass(slots=True)
class _Series:
    values: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


def steps(contest: Contest, rounds: int) -> int:
    """Return how many samples holding this contest takes."""
    return (rounds + 1) * len(contest.contestants)


def turn_order(count: int, number: int) -> tuple[int, ...]:
    """Return who goes when in round `number`.

    >>> turn_order(3, 0), turn_order(3, 1)
    ((0, 1, 2), (1, 2, 0))
    """
    return tuple((number + place) % count for place in range(count))


def hold(
    contest: Contest, *, rounds: int, on_sample: Callable[[str, int], None] = lambda *_: None
) -> Outcome:
    """Sample every side in every round and compare within the rounds.

    `on_sample` hears who is measured next and in which round; round 0 is not counted.

    Raises:
        WrongAnswer: a side answered wrongly, or stored something wrong.
        ValueError: fewer than 5 rounds prove nothing.
    """
    if rounds < LEAST_ROUNDS:
        raise ValueError(f"at least {LEAST_ROUNDS} rounds")
    sides = contest.contestants
    series = [_Series() for _ in sides]
    for number in range(rounds + 1):
        for place in turn_order(len(sides), number):
            on_sample(sides[place].name, number)
            sample = sides[place].measure()
            if number:
                series[place].values.append(sample.value)
                series[place].cpu_ms.append(sample.cpu_ms)
    contest.check()
    return Outcome(
        id=contest.id,
        title=contest.title,
        measure=contest.measure,
        better=contest.better,
        rounds=rounds,
        standings=tuple(_standings(sides, series)),
        notes=tuple(contest.notes()),
    )


def _standings(sides: Sequence[Contestant], series: Sequence[_Series]) -> list[Standing]:
    ours = series[0]
    found = []
    for place, (side, its) in enumerate(zip(sides, series, strict=True)):
        has_cpu = all((*ours.cpu_ms, *its.cpu_ms))
        found.append(
            Standing(
                name=side.name,
                values=tuple(its.values),
                cpu_ms=tuple(its.cpu_ms),
                target=side.target,
                ratio=Spread.of(ratios(ours.values, its.values)) if place else None,
                cpu_ratio=(
                    Spread.of(ratios(ours.cpu_ms, its.cpu_ms)) if place and has_cpu else None
                ),
            )
        )
    return found
