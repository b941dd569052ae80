"""What happened, for logs and counters: a closed list of events and of fields.

Anything that is not on the lists cannot be logged through here, which keeps bearer URLs, keys and
personal data out by construction. Counters live in memory, since the process started.

Source: docs/vocabulary.md, log events; ADR-0006, events are doorbells.
"""

import logging
from collections import Counter
from enum import StrEnum

_log = logging.getLogger("aboard")

FIELDS = frozenset(
    {
        "caller_id",
        "case",
        "cause",
        "check",
        "count",
        "endpoint",
        "error_code",
        "event_id",
        "event_type",
        "mode",
        "outcome",
        "owner",
        "purpose",
        "readiness",
        "reason",
        "request_id",
        "requirement",
        "retry_seconds",
        "source",
        "stripe_account_id",
        "subscriber_id",
    }
)


class LogEvent(StrEnum):
    """Everything that is worth a line, as noun.past_verb."""

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_DISCONNECTED = "account.disconnected"
    ACCOUNT_LEFT = "account.left"
    ACCOUNT_RECOVERED = "account.recovered"
    ACCOUNT_SESSION_ISSUED = "account_session.issued"
    ACCOUNT_RELINKED = "account.relinked"
    ACCOUNT_SYNCED = "account.synced"
    ACCOUNT_SYNC_FAILED = "account.sync_failed"
    ACCOUNT_SYNC_GIVEN_UP = "account.sync_given_up"
    BREAKER_CLOSED = "breaker.closed"
    BREAKER_OPENED = "breaker.opened"
    CALL_UNRECORDED = "call.unrecorded"
    CALLBACK_VISITED = "callback.visited"
    CALLER_CHANGED = "caller.changed"
    CREDENTIAL_CHANGED = "credential.changed"
    CREDENTIAL_UNREADABLE = "credential.unreadable"
    DELIVERY_ARRIVED = "delivery.arrived"
    DELIVERY_DIED = "delivery.died"
    DELIVERY_FAILED = "delivery.failed"
    DELIVERY_REPLAYED = "delivery.replayed"
    EVENT_ACCEPTED = "event.accepted"
    EVENT_DUPLICATED = "event.duplicated"
    EVENT_LISTED = "event.listed"
    EVENT_REFUSED = "event.refused"
    EVENT_REPLAYED = "event.replayed"
    GATE_CLOSED = "gate.closed"
    GATE_OPENED = "gate.opened"
    KEY_SWAPPED = "key.swapped"
    KYC_CHANGED = "kyc.changed"
    KYC_DUPLICATED = "kyc.duplicated"
    KYC_IGNORED = "kyc.ignored"
    KYC_REFUSED = "kyc.refused"
    KYC_STARTED = "kyc.started"
    LINK_ISSUED = "link.issued"
    LIMIT_REACHED = "limit.reached"
    LIMITS_DEGRADED = "limits.degraded"
    LIMITS_RESTORED = "limits.restored"
    LOGIN_LINK_ISSUED = "login_link.issued"
    MAIL_FAILED = "mail.failed"
    MAIL_SENT = "mail.sent"
    REFRESH_LOOPED = "refresh.looped"
    REMINDER_TOLD = "reminder.told"
    REQUEST_FAILED = "request.failed"
    ROWS_PRUNED = "rows.pruned"
    SESSION_REUSED = "session.reused"
    STATE_REFUSED = "state.refused"
    SUBSCRIBER_CHANGED = "subscriber.changed"
    SUBSCRIBER_DISABLED = "subscriber.disabled"
    SUBSCRIBER_UNSIGNED = "subscriber.unsigned"
    WORDING_MISSING = "wording.missing"
    WORKER_FAILED = "worker.failed"


class Journal:
    """Log lines and counters of one process."""

    def __init__(self) -> None:
        """Start with every counter at zero."""
        self._counts: Counter[str] = Counter()

    def note(self, event: LogEvent, **fields: object) -> None:
        """Log one event and count it.

        Raises:
            ValueError: a field outside the closed list; a mistake in the calling code.
        """
        if not fields.keys() <= FIELDS:
            raise ValueError(f"not a field of the journal: {sorted(fields.keys() - FIELDS)}")
        self._counts[event.value] += 1
        if _log.isEnabledFor(logging.INFO):
            details = " ".join(f"{name}={value}" for name, value in fields.items())
            said = {"event": event.value, "fields": fields}
            _log.info("%s %s", event.value, details, extra=said)

    @property
    def counts(self) -> dict[str, int]:
        """Return how often each event happened since the process started."""
        return dict(self._counts)
