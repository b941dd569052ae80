"""How is the service watched? Its log, its figures and health on a port apart, and its traces.

Source: ADR-0026, operations; docs/operations.md.
"""

from importlib.util import find_spec

from aboard.settings.sources import Sources
from aboard.settings.values import LogFormat, Watching

_EXPORTER = "opentelemetry.exporter.otlp.proto.http"
_LEVELS = ("debug", "info", "warning", "error")


def read_watching(given: Sources) -> Watching:
    """Return what the operator wants to see, and where."""
    traces = given.flag("TRACES")
    if traces and not _is_there(_EXPORTER):
        given.problem("TRACES", "needs the extra: install aboard[otel], or leave it unset")
    return Watching(
        log_format=given.checked(
            "LOG_FORMAT", lambda: LogFormat(given.text("LOG_FORMAT").strip()), LogFormat.TEXT
        ),
        log_level=_level(given),
        host=given.text("METRICS_HOST"),
        port=_port(given, "METRICS_PORT"),
        worker_port=_port(given, "WORKER_PORT"),
        gateway_port=_port(given, "GATEWAY_METRICS_PORT"),
        traces=traces,
    )


def _level(given: Sources) -> str:
    level = given.text("LOG_LEVEL").strip().lower()
    if level not in _LEVELS:
        given.problem("LOG_LEVEL", f"must be one of {', '.join(_LEVELS)}")
    return level


def _port(given: Sources, name: str) -> int | None:
    return given.number(name, 0, 65_535) if given.text(name) else None


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of what stands above it
        return False
