"""Who may come in by OAuth, and whose components are open? Applications and account sessions.

Without codes, keys and secrets.
"""

from collections.abc import Iterator

from aboard.sandbox import grants
from aboard.sandbox.control.desk import Answer, Visitor, chosen_worlds, listed
from aboard.sandbox.sessions import AccountSession
from aboard.sandbox.wire.errors import bad, no_such
from aboard.sandbox.wire.params import is_url
from aboard.sandbox.world import World


def _show_application(world: World) -> Answer:
    return {
        "object": "application",
        "id": world.application_id,
        "livemode": world.livemode,
        "platform": world.platform.id,
        "redirect_uris": list(grants.redirect_uris(world)),
    }


def show_applications(visitor: Visitor) -> Answer:
    """List the platforms' applications: the client ids of OAuth, and what they registered."""
    return listed(visitor, [_show_application(world) for world in chosen_worlds(visitor)])


def register(visitor: Visitor) -> Answer:
    """Register an application's redirect URIs in place of those before; none: any will do."""
    client_id = visitor.ids[0]
    world = next((each for each in visitor.worlds if each.application_id == client_id), None)
    if world is None:
        raise no_such("application", client_id, "application", is_in_path=True)
    uris: list[str] = visitor.params.get("redirect_uris") or []
    for place, uri in enumerate(uris):
        if not is_url(uri):
            raise bad("Not a valid URL", f"redirect_uris[{place}]", "url_invalid")
    grants.register(world, tuple(uris))
    return _show_application(world)


def show_sessions(visitor: Visitor) -> Answer:
    """List the account sessions, newest first, with the components that they open."""
    wanted = visitor.params.get("account")

    def rows() -> Iterator[Answer]:
        for world in chosen_worlds(visitor):
            for each in world.shelves.find(AccountSession):
                if wanted not in {None, each.account_id}:
                    continue
                yield {
                    "object": "account_session",
                    "account": each.account_id,
                    "components": [name for name, one in each.components.items() if one.is_enabled],
                    "created": each.created,
                    "expires_at": each.expires_at,
                    "livemode": world.livemode,
                    "state": each.state(world.now()),
                }

    return listed(visitor, sorted(rows(), key=lambda row: row["created"], reverse=True))
