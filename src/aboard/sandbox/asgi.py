"""The door: what came in over ASGI, and who answers it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from aboard.sandbox.exchange import Exchange
from aboard.sandbox.wire.http import Receive, Scope, Send
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from aboard.sandbox.delivery import Postman
    from aboard.sandbox.saving.file import SaveFile

_CONSENT = ("/oauth/authorize", "/express/oauth/authorize")
_PAGES = ("/setup/", "/express/", "/hosted/")


class Application:
    """The ASGI application of one sandbox."""

    def __init__(
        self,
        worlds: Worlds,
        postman: "Callable[[], Postman]",
        file: "SaveFile | None" = None,
    ) -> None:
        """Answer for these worlds; `postman` delivers their webhooks, `file` keeps them."""
        self._worlds = worlds
        self._postman = postman
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"] in _CONSENT:
            from aboard.sandbox.hosted.authorize import handle as ask  # noqa: PLC0415 - the same as below

            await ask(self._worlds, scope, receive, send)
        elif scope["path"].startswith(_PAGES):
            from aboard.sandbox import hosted  # noqa: PLC0415 - templates only when pages are seen

            await hosted.handle(self._worlds, scope, receive, send)
        elif scope["path"] == "/_sandbox" or scope["path"].startswith("/_sandbox/"):
            from aboard.sandbox import control  # noqa: PLC0415 - only when somebody looks inside

            await control.handle(self._worlds, self._postman, scope, receive, send)
        else:
            await Exchange(self._worlds, scope, receive, send).run()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._postman().start()
                if self._file is not None:
                    self._file.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._postman().close()
                if self._file is not None:
                    self._file.flush()
                await send({"type": "lifespan.shutdown.complete"})
                return
