"""Which request, and which trace, does a log line belong to? Known where the work is done.

Two words of the running task; a task that is started from it inherits them.

Source: ADR-0026, operations; docs/operations.md, logs.
"""

from contextvars import ContextVar
from typing import Final

REQUEST_ID: Final[ContextVar[str]] = ContextVar("aboard_request_id", default="")
"""The id of the request that is being answered, as the caller is told it; else empty."""
TRACE_ID: Final[ContextVar[str]] = ContextVar("aboard_trace_id", default="")
"""The trace that the work belongs to, in hexadecimal; empty without one."""
