"""The record of calls as a file: every call that fits a filter, in the order of time.

Source: docs/gateway/callers.md, the record of calls; docs/exports.md.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from litestar.response import Stream

from aboard.core.lending.calls import CallFilter
from aboard.flows.export import COLUMNS, Kind, call_row
from aboard.flows.lending.calls import walk_calls
from aboard.flows.platform import Platform
from aboard.web.rows import Csv, Form, JsonLines

KINDS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}


def call_file(platform: Platform, which: CallFilter, kind: str) -> Stream:
    """Return the calls as a file of this kind, sent portion by portion."""
    form: Form = Csv(COLUMNS[Kind.GATEWAY_CALLS]) if kind == "csv" else JsonLines()
    return Stream(
        _portions(platform, which, form),
        media_type=KINDS[kind],
        headers={
            "content-disposition": f'attachment; filename="gateway-calls.{kind}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )


async def _portions(platform: Platform, which: CallFilter, form: Form) -> AsyncIterator[bytes]:
    yield form.head()
    async for portion in walk_calls(platform, which):
        yield form.rows([call_row(call) for call in portion])
