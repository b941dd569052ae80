"""The gateway as one application: Stripe's paths at the root, and its own beside them.

Source: ADR-0029, the gateway; docs/gateway/index.md.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from aboard.core.lending.calls import Via
from aboard.core.owner import Mode
from aboard.flows.correlation import REQUEST_ID
from aboard.flows.platform import Platform
from aboard.gateway.bounds import Bounds, bounds_of
from aboard.gateway.chain import Answering, Chain
from aboard.gateway.conversation import Conversation
from aboard.gateway.steps import Ground
from aboard.gateway.toolbox.answering import Tools
from aboard.gateway.toolbox.speaking import Speaking
from aboard.gateway.upstream import Upstream
from aboard.gateway.whoami import tell_who
from aboard.gateway.wire import Receive, Scope, Send, mounted_path

WHOAMI_PATH: Final = b"/whoami"
TOOLS_PATH: Final = b"/tools"
MCP_PATH: Final = b"/mcp"


class Gateway:
    """The gateway. `mount` is the path below which it is served, without a slash at the end.

    `via` is the door that its calls are written down with.

    Where Stripe is, and for how long it is waited for, stands in the platform's terms of lending.
    """

    def __init__(
        self,
        platform: Platform,
        *,
        mount: str = "",
        via: Via = Via.PROXY,
        bounds: Bounds | None = None,
    ) -> None:
        """Join the parts; nothing is opened before the first call. `bounds` replace the terms'.

        Raises:
            ValueError: an address of Stripe's is none.
        """
        self._platform = platform
        self._mount = mount.encode()
        self._via = via
        terms = platform.lending
        ground = Ground(platform, bounds or bounds_of(terms), self._mount)
        self.chain = Chain(ground, _parse(terms.upstreams), _parse(terms.files))
        self.tools = Tools(ground, self.chain)
        self._speaking = Speaking(self.tools)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        talk = Conversation(scope, receive, send, self._via)
        named = REQUEST_ID.set(talk.id)
        try:
            await self._answering(mounted_path(scope).removeprefix(self._mount))(talk)
        finally:
            REQUEST_ID.reset(named)

    def _answering(self, path: bytes) -> Answering:
        """Return who answers below a path; whatever is none of ours goes by the chain."""
        if path == WHOAMI_PATH:
            return partial(tell_who, self.chain, self._platform)
        if path == TOOLS_PATH or path.startswith(TOOLS_PATH + b"/"):
            return self.tools.answer
        if path == MCP_PATH:
            return self._speaking.answer
        return self.chain.run

    def close(self) -> None:
        """End the connections to Stripe that are kept."""
        self.chain.close()


def _parse(bases: Mapping[Mode, str]) -> dict[Mode, Upstream]:
    return {mode: Upstream.parse(base) for mode, base in bases.items()}
