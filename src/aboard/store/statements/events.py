"""Which questions do we ask about received events, as SQL?

An event is open until a read of its account began after it was received.

Source: ADR-0006, events are doorbells.
"""

from sqlalchemy import (
    Column,
    ScalarSelect,
    Text,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    select,
    update,
)

from aboard.store.schema import accounts, events
from aboard.store.statements.compiler import Compiler
from aboard.store.statements.event_windows import EVENT_COLUMNS

# One round trip and one commit for all events that wait. The accounts' rows are locked in the
# order of their ids, so that two groups never wait for each other in a ring, and before an event
# is called ours: an account that is being parted with is decided about first. Of one event that
# comes several times in a group, the first is new.
_ACCEPTED = (
    "mode",
    "event_id",
    "endpoint",
    "type",
    "stripe_account_id",
    "created_at",
    "received_at",
    "source",
)
_ACCEPT_MANY = """
WITH given AS (
  SELECT DISTINCT ON (mode, id) *
  FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
    $8::text[]
  ) WITH ORDINALITY AS row (
    mode, id, endpoint, type, stripe_account_id, created_at, received_at, source, number
  )
  ORDER BY mode, id, number
), meant AS (
  SELECT accounts.id AS account_id, mode, stripe_account_id
  FROM (
    SELECT DISTINCT mode, stripe_account_id FROM given WHERE stripe_account_id IS NOT NULL
  ) AS named
  JOIN accounts USING (stripe_account_id, mode)
  WHERE accounts.disconnected_at IS NULL
), ours AS (
  SELECT account_id, meant.mode, stripe_account_id
  FROM meant JOIN account_syncs USING (account_id)
  ORDER BY account_id
  FOR UPDATE OF account_syncs
), accepted AS (
  INSERT INTO events (
    mode, id, endpoint, type, stripe_account_id, created_at, received_at, source, status, attempts
  )
  SELECT
    mode, id, endpoint, type, stripe_account_id, created_at, received_at, source,
    CASE WHEN account_id IS NULL THEN 'unmatched' ELSE 'pending' END, 0
  FROM given LEFT JOIN ours USING (mode, stripe_account_id)
  ORDER BY mode, id
  ON CONFLICT (mode, id) DO NOTHING
  RETURNING mode, id, stripe_account_id, received_at
), bells AS (
  SELECT account_id, min(received_at) AS first_at, max(received_at) AS last_at
  FROM accepted JOIN ours USING (mode, stripe_account_id)
  GROUP BY account_id
), rung AS (
  UPDATE account_syncs
  SET due_at = least(account_syncs.due_at, bells.first_at),
    rung_at = greatest(account_syncs.rung_at, bells.last_at)
  FROM bells
  WHERE account_syncs.account_id = bells.account_id
  RETURNING account_syncs.account_id
)
SELECT number, (SELECT count(*) FROM rung) FROM accepted JOIN given USING (mode, id)
"""


class EventStatements:
    """The SQL about received events."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        stripe_account_id = bindparam("stripe_account_id", type_=Text())
        is_open_of_account = (
            (events.c.stripe_account_id == _of_account(accounts.c.stripe_account_id))
            & (events.c.mode == _of_account(accounts.c.mode))
            & events.c.processed_at.is_(None)
        )
        is_ours = exists().where(
            accounts.c.stripe_account_id == stripe_account_id,
            accounts.c.mode == bindparam("mode"),
            accounts.c.disconnected_at.is_(None),
        )
        self.accept = prepare(
            compiler.insert(events)
            .values(
                mode=bindparam("mode"),
                id=bindparam("event_id"),
                endpoint=bindparam("endpoint"),
                type=bindparam("type"),
                stripe_account_id=stripe_account_id,
                created_at=bindparam("created_at"),
                received_at=bindparam("received_at"),
                source=bindparam("source"),
                status=case(
                    (is_ours, literal_column("'pending'")), else_=literal_column("'unmatched'")
                ),
                attempts=literal_column("0"),
            )
            .on_conflict_do_nothing(index_elements=["mode", "id"])
        )
        self.accept_many = compiler.prepare_for_many(_ACCEPT_MANY, _ACCEPTED, rings=True)
        self.process = prepare(
            update(events)
            .where(is_open_of_account, events.c.received_at <= bindparam("read_began_at"))
            .values(
                processed_at=bindparam("processed_at"),
                status=literal_column("'processed'"),
                last_error=null(),
            )
        )
        self.match = prepare(
            update(events)
            .where(is_open_of_account, events.c.status == literal_column("'unmatched'"))
            .values(status=literal_column("'pending'"))
        )
        is_pending_of_account = is_open_of_account & (
            events.c.status == literal_column("'pending'")
        )
        self.fail = prepare(
            update(events)
            .where(is_pending_of_account)
            .values(
                attempts=events.c.attempts + literal_column("1"),
                last_error=bindparam("error_code"),
            )
        )
        self.bury = prepare(
            update(events)
            .where(is_pending_of_account, events.c.received_at <= bindparam("claimed_at"))
            .values(
                attempts=events.c.attempts + literal_column("1"),
                last_error=bindparam("error_code"),
                status=literal_column("'dead'"),
            )
        )
        self.find = prepare(
            select(*EVENT_COLUMNS).where(
                events.c.mode == bindparam("mode"), events.c.id == bindparam("event_id")
            )
        )
        # Only what Stripe delivered says that an endpoint is heard from.
        self.last_seen = prepare(
            select(func.max(events.c.received_at)).where(
                events.c.mode == bindparam("mode"),
                events.c.endpoint == bindparam("endpoint"),
                events.c.source == literal_column("'delivered'"),
            )
        )
        self.count_open = prepare(
            select(events.c.status, func.count())
            .where(events.c.processed_at.is_(None))
            .group_by(events.c.status)
        )


def _of_account(column: Column[str]) -> ScalarSelect[str]:
    return select(column).where(accounts.c.id == bindparam("account_id")).scalar_subquery()
