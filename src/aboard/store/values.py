"""How do points in time, owners and snapshots become column values, and back?

Source: ADR-0008, SQLite first.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from aboard.core.account import Snapshot
from aboard.core.owner import Owner
from aboard.store.statements.compiler import Params

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encoder = msgspec.json.Encoder()
_snapshot_decoder = msgspec.json.Decoder(Snapshot)


def to_micros(at: datetime) -> int:
    """Return whole microseconds since 1970; `at` must be aware."""
    return (at - _EPOCH) // _MICROSECOND


def to_micros_or_none(at: datetime | None) -> int | None:
    """Return whole microseconds since 1970, or None for no point in time."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def to_time(micros: int) -> datetime:
    """Return the aware UTC point in time of so many microseconds since 1970."""
    return _EPOCH + timedelta(0, 0, micros)


def to_time_or_none(micros: int | None) -> datetime | None:
    """Return the aware UTC point in time, or None for an empty column."""
    return None if micros is None else _EPOCH + timedelta(0, 0, micros)


def owner_params(owner: Owner) -> Params:
    """Return the three columns that name an owner."""
    return {"owner_kind": owner.kind.value, "owner_id": owner.id, "mode": owner.mode.value}


def snapshot_text(snapshot: Snapshot) -> str:
    """Return a snapshot as JSON text."""
    return _encoder.encode(snapshot).decode()


def snapshot_of(text: str | None) -> Snapshot | None:
    """Return the snapshot that was stored, or None for an empty column."""
    return None if text is None else _snapshot_decoder.decode(text)
