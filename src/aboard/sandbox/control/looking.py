"""What is there? Worlds, links and requests, without keys, codes and secrets."""

from collections.abc import Iterator

import msgspec

from aboard.sandbox.control.desk import MOST_ROWS, Answer, Visitor, chosen_worlds, listed
from aboard.sandbox.events import Event
from aboard.sandbox.links import Link, LoginLink
from aboard.sandbox.world import World


def show_worlds(visitor: Visitor) -> Answer:
    """List the worlds by their masked keys."""
    rows = [
        {
            "object": "world",
            "key": world.masked_key,
            "livemode": world.livemode,
            "platform": world.platform.id,
            "accounts": len(world.accounts),
            "links": len(world.links),
            "events": sum(len(shelf) for kind, _, shelf in world.shelves.every() if kind is Event),
        }
        for world in visitor.worlds
    ]
    return {"object": "list", "data": rows, "has_more": False}


def _show_link(world: World, link: Link | LoginLink) -> Answer:
    return {
        "object": "link",
        "account": link.account_id,
        "created": link.created,
        "expires_at": link.expires_at,
        "livemode": world.livemode,
        "purpose": link.purpose if isinstance(link, Link) else "login",
        "state": link.state(world.now()),
        "used_at": link.used_at,
    }


def show_links(visitor: Visitor) -> Answer:
    """List the account links and login links, newest first, and whether they still open."""
    wanted = visitor.params.get("account")

    def links() -> Iterator[Answer]:
        for world in chosen_worlds(visitor):
            for ledger in (world.links, world.login_links):
                newest, _ = ledger.page(
                    limit=MOST_ROWS + 1,
                    keep=lambda link: wanted in {None, link.account_id},
                )
                yield from (_show_link(world, link) for link in newest)

    return listed(visitor, sorted(links(), key=lambda row: row["created"], reverse=True))


def show_requests(visitor: Visitor) -> Answer:
    """List the latest requests to the API, newest first, without bodies and keys."""
    wanted = visitor.params.get("account")
    rows = [
        {"object": "request", "livemode": world.livemode, **msgspec.structs.asdict(row)}
        for world in chosen_worlds(visitor)
        for row in reversed(world.requests)
        if wanted is None or row.account_id == wanted or f"/{wanted}" in row.path
    ]
    return listed(visitor, sorted(rows, key=lambda row: row["at"], reverse=True))
