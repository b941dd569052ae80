"""What does each command about subscribers do? Asks its flow, and says what came of it.

Source: docs/webhooks.md, what Aboard tells you.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from aboard.cli.asking import OPERATOR
from aboard.cli.exits import Exit, Refusal
from aboard.cli.subscribers.asking import Asking, shown
from aboard.cli.terminal import Mark
from aboard.core.owner import Mode
from aboard.core.subscribers import Subscriber
from aboard.flows.platform import Platform
from aboard.flows.subscribers import (
    Told,
    add_subscriber,
    change_subscriber,
    count_deliveries,
    disable_subscriber,
    enable_subscriber,
    get_subscriber,
    list_subscribers,
    remove_subscriber,
    rotate_secret,
    show_secret,
)
from aboard.store import DeliveryCounts


class Acts(Asking):
    """The acts that say who is told what."""

    def add(self, url: str, mode: str, *, types: Sequence[str], description: str) -> Exit:
        """Add a subscriber and print its secret."""
        if mode not in list(Mode):
            raise Refusal(f"There is no mode {mode!r}.", "Give test or live.", Exit.USAGE)
        told = self._ask(
            lambda one: add_subscriber(
                one, OPERATOR, Mode(mode), url, description=description, types=types
            )
        )
        return self._reveal(told, "is told what happens from now on")

    def list_all(self) -> Exit:
        """List all subscribers with their counts."""

        async def ask(platform: Platform) -> list[tuple[Subscriber, DeliveryCounts]]:
            found = await list_subscribers(platform)
            return [(each, await count_deliveries(platform, each.id)) for each in found]

        found = self._ask(ask)
        for subscriber, counts in found:
            self._row(subscriber, counts)
        if not found:
            self._terminal.say(
                "Nobody is told anything yet. `aboard subscribers add URL` adds one."
            )
        rows = [{**shown(each), **_counted(counts)} for each, counts in found]
        self._terminal.document({"subscribers": rows})
        return Exit.OK

    def show(self, subscriber_id: str) -> Exit:
        """Show one subscriber with its counts."""

        async def ask(platform: Platform) -> tuple[Subscriber, DeliveryCounts]:
            found = await get_subscriber(platform, subscriber_id)
            return found, await count_deliveries(platform, subscriber_id)

        subscriber, counts = self._ask(ask)
        self._row(subscriber, counts)
        types = ", ".join(subscriber.types) or "every type"
        self._terminal.aside(f"is told {types}")
        self._terminal.aside(f"since {subscriber.created_at:%Y-%m-%d %H:%M} UTC")
        if subscriber.description:
            self._terminal.aside(subscriber.description)
        self._terminal.document({**shown(subscriber), **_counted(counts)})
        return Exit.OK

    def change(
        self,
        subscriber_id: str,
        *,
        url: str | None,
        types: Sequence[str] | None,
        description: str | None,
    ) -> Exit:
        """Change what is given."""
        return self._say(
            lambda one: change_subscriber(
                one, OPERATOR, subscriber_id, url=url, types=types, description=description
            )
        )

    def disable(self, subscriber_id: str) -> Exit:
        """Tell it nothing any more."""
        return self._say(lambda one: disable_subscriber(one, OPERATOR, subscriber_id))

    def enable(self, subscriber_id: str) -> Exit:
        """Tell it again."""
        return self._say(lambda one: enable_subscriber(one, OPERATOR, subscriber_id))

    def remove(self, subscriber_id: str) -> Exit:
        """Forget it."""
        self._ask(lambda one: remove_subscriber(one, OPERATOR, subscriber_id))
        self._terminal.row(Mark.GOOD, subscriber_id, "is removed")
        self._terminal.document({"id": subscriber_id, "removed": True})
        return Exit.OK

    def rotate(self, subscriber_id: str, *, grace_hours: int) -> Exit:
        """Make a new secret and print it."""
        grace = timedelta(hours=grace_hours)
        told = self._ask(lambda one: rotate_secret(one, OPERATOR, subscriber_id, grace=grace))
        return self._reveal(told, f"has a new secret; the one before signs for {grace_hours} hours")

    def show_secret(self, subscriber_id: str) -> Exit:
        """Print the secret once more."""
        told = self._ask(lambda one: show_secret(one, OPERATOR, subscriber_id))
        return self._reveal(told, "has this secret")

    def _say(self, act: Callable[[Platform], Awaitable[Subscriber]]) -> Exit:
        subscriber = self._ask(act)
        self._row(subscriber)
        self._terminal.document(shown(subscriber))
        return Exit.OK

    def _reveal(self, told: Told, words: str) -> Exit:
        secret = told.secret.reveal()
        self._terminal.row(Mark.GOOD, told.subscriber.id, words)
        self._terminal.say(secret)
        self._terminal.document({**shown(told.subscriber), "secret": secret})
        return Exit.OK

    def _row(self, subscriber: Subscriber, counts: DeliveryCounts | None = None) -> None:
        mark, words = Mark.GOOD, [f"{subscriber.mode} {subscriber.origin}"]
        if subscriber.failing_since is not None:
            mark = Mark.NOTE
            words.append(f"takes nothing since {subscriber.failing_since:%Y-%m-%d %H:%M} UTC")
        if subscriber.disabled_at is not None:
            mark = Mark.BAD
            words.append(f"disabled {subscriber.disabled_at:%Y-%m-%d} ({subscriber.disabled_for})")
        if counts is not None:
            words.append(f"{counts.pending} open, {counts.dead} dead")
        self._terminal.row(mark, subscriber.id, ", ".join(words))


def _counted(counts: DeliveryCounts) -> dict[str, int]:
    return {"pending": counts.pending, "dead": counts.dead}
