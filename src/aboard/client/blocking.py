"""How does a program without an event loop call Aboard? With one `Client` for its threads."""

import ssl
import time
from collections.abc import Callable, Mapping
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

from aboard.client.address import parse_address
from aboard.client.answers import Answer
from aboard.client.conversation import NeedToken, Returned, Wait, advance, converse
from aboard.client.described.groups import Groups
from aboard.client.errors import Unauthorized
from aboard.client.operation import Operation, with_cookies
from aboard.client.plain_road import PlainRoad
from aboard.client.reading import Lost, Received
from aboard.client.standing import RENEW, Standing
from aboard.core.secret import Secret

T = TypeVar("T", bound=Answer)


class Client(Groups):
    """Both of Aboard's APIs, for programs without an event loop. Threads may share one client."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | Secret | Callable[[], str | Secret] | None = None,
        language: str | None = None,
        timeout_seconds: float = 30,
        retries: int = 2,
        ssl_context: ssl.SSLContext | None = None,
        allow_http: bool = False,
    ) -> None:
        """Keep what every call needs; nothing is opened yet.

        A `token` that is a function is called for each request. `timeout_seconds` is for the whole
        of one try, from connecting to the last byte. An `ssl_context` of your own is for a
        certificate of your own. Plain http is for this machine, unless `allow_http`.

        Raises:
            ValueError: an address, a language or a number that makes no sense.
        """
        self._address = parse_address(base_url, allow_http=allow_http)
        self._standing = Standing(language, timeout_seconds, retries)
        self._token = token
        self._signing = Lock()
        self._road = PlainRoad(
            self._address, timeout_seconds=timeout_seconds, ssl_context=ssl_context
        )
        super().__init__(self.ask)

    def ask(self, operation: Operation[T], /, **given: object) -> T:
        """Carry out an operation; the groups' methods do, and so can you for one that has none.

        Raises:
            ValueError: an argument or a token that cannot be sent.
            ConnectionFailed: no answer came.
            AnswerUnreadable: it was not Aboard that answered.
            ApiError: Aboard said no.
        """
        if not (operation.is_session and operation.is_public):
            return self._carry_out(operation, given)
        with self._signing:  # a cookie that is used twice ends its session
            return self._carry_out(operation, given)

    def _carry_out(self, operation: Operation[T], given: Mapping[str, object]) -> T:
        standing = self._standing
        talk = converse(operation, given, language=standing.language, retries=standing.retries)
        step = advance(talk, None)
        while not isinstance(step, Returned):
            reply: Received | Lost | Secret | None = None
            if isinstance(step, NeedToken):
                reply = self._find_token()
            elif isinstance(step, Wait):
                time.sleep(step.seconds)
            elif operation.is_session:
                reply = self._road.send(with_cookies(step, standing.jar.cookies()))
                standing.remember(reply)
            else:
                reply = self._road.send(step)
            step = advance(talk, reply)
        return standing.taken(step.answer)

    def _find_token(self) -> Secret | None:
        given = self._token() if callable(self._token) else self._token
        if given is None and self._standing.is_running_out():
            with self._signing:
                if self._standing.is_running_out():  # else another thread did, while we waited
                    self._renew()
        return self._standing.choose(given)

    def _renew(self) -> None:
        try:
            self._carry_out(RENEW, {})
        except Unauthorized:
            self._standing.forget()
            raise

    def close(self) -> None:
        """Close the connections, and forget what signing in left here."""
        self._standing.forget()
        self._road.close()

    def __enter__(self) -> Self:
        """Return the client, which closes itself when the block ends."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def __repr__(self) -> str:
        """Return the class and the address, and nothing else."""
        return f"Client({str(self._address)!r})"
