"""What does one sample of a server say? Its rate, its CPU, and how busy both cores were."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.contest import Sample
from benchmarks.load import Run
from benchmarks.processes import Server
from benchmarks.ratios import Spread


@dataclass
class Metered:
    """A server under test, with what stands behind it on the core of the load.

    `behind` are processes that serve it, such as a database: their CPU is told apart.
    """

    server: Server
    behind: tuple[Server, ...] = ()
    server_busy: list[float] = field(default_factory=list)
    load_busy: list[float] = field(default_factory=list)
    behind_ms: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what the server is called in the table."""
        return self.server.name

    def sample(self, run: Callable[[], Run]) -> tuple[Run, Sample]:
        """Load the server once; the sample's CPU is the server's own, for each answer."""
        before = list(self._clocks())
        done = run()
        server, behind, load = (
            end - start for start, end in zip(before, self._clocks(), strict=True)
        )
        answered = max(1, len(done.answers))
        self.server_busy.append(100 * server / done.seconds)
        self.load_busy.append(100 * (behind + load) / done.seconds)
        self.behind_ms.append(1000 * behind / answered)
        return done, Sample(len(done.answers) / done.seconds, 1000 * server / answered)

    def note(self) -> str:
        """Say how busy both cores were, and what the work behind the server cost."""
        server, load = Spread.of(self.server_busy), Spread.of(self.load_busy)
        said = f"{self.name}: server core {server.median:.0f} % busy, "
        said += f"load core {load.median:.0f} %"
        if self.behind:
            names = " and ".join(each.name for each in self.behind)
            said += f"; {names}: {Spread.of(self.behind_ms).median:.3f} ms of CPU for each answer"
        return said

    def _clocks(self) -> Iterator[float]:
        yield self.server.cpu_seconds()
        yield sum(each.cpu_seconds() for each in self.behind)
        yield time.process_time()
