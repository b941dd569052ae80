"""What stands on the operators' port? The figures, and the health of the process behind them.

Source: ADR-0026, operations.
"""

from typing import Final

from aboard.flows.figures import FigureBoard
from aboard.flows.health import HealthWatch
from aboard.flows.platform import Platform
from aboard.operations.health import AsgiApp, Receive, Scope, Send, build_probes, inner_path, reply
from aboard.operations.metrics import CONTENT_TYPE, Exposition

METRICS_PATH: Final = "/metrics"


def build_operations(platform: Platform, *, remembered_seconds: float | None = None) -> AsgiApp:
    """Return `/metrics` and the health as one application, for a port that operators alone reach.

    `remembered_seconds` is how long what was seen is told again, instead of each one's own time.
    """
    if remembered_seconds is None:
        probes = build_probes(HealthWatch(platform))
        exposition = Exposition(platform, FigureBoard(platform))
    else:
        probes = build_probes(HealthWatch(platform, remembered_seconds=remembered_seconds))
        board = FigureBoard(platform, remembered_seconds=remembered_seconds)
        exposition = Exposition(platform, board)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if inner_path(scope) == METRICS_PATH and scope["method"] == "GET":
            await reply(send, scope, 200, await exposition.render(), kind=CONTENT_TYPE)
        else:
            await probes(scope, receive, send)

    return answer
