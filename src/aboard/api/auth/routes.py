"""Which operations does signing in have? Each checks who, how often and what, then asks its flow.

Source: docs/api/auth.md.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from litestar import Request, Router, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from aboard.api.auth import cookie
from aboard.api.auth.door import FOR_ANYBODY, AuthDoor
from aboard.api.auth.schemas import (
    AccessToken,
    Confirmation,
    Login,
    NewUser,
    Registered,
    Revoked,
    SessionList,
    SignedOut,
    session_of_wire,
)
from aboard.api.envelope.refusing import refuse
from aboard.api.envelope.schemas import Failed, Success
from aboard.core.errors import NotYours
from aboard.core.errors_identity import RefreshRefused
from aboard.core.languages import preferred_language
from aboard.core.secret import Secret
from aboard.flows.platform import Platform
from aboard.flows.registration import confirm, register
from aboard.flows.sign_in import SignedIn, sign_in
from aboard.flows.user_sessions import (
    end_other_sessions,
    end_session,
    list_sessions,
    refresh_session,
    sign_out,
)
from aboard.web.access_tokens import LIFETIME, AccessTokens
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest, require_no_body
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION, find_cookie
from aboard.web.exchange import exchange_of, find_header_text
from aboard.web.forms import is_own_call
from aboard.web.visitor import visitor_of

PREFIX: Final = "/api/v1/auth"
SessionNamed = Annotated[str, PathParameter(description="A session's `id`.")]


@dataclass(frozen=True, slots=True)
class AuthApi(Collaborator):
    """The operations of signing in, over one platform. Without a pen nobody signs in here."""

    platform: Platform
    access_tokens: AccessTokens | None

    async def register(
        self, data: JSONBody[NewUser], request: StrictRequest
    ) -> Answer[Success[Registered]]:
        """Begin to become a user. The answer is the same for an e-mail that has a user already.

        `nextStep` says how it goes on: `confirm` by the code that is mailed, or `login`.
        """
        next_step = await register(
            self.platform,
            data.email,
            None if data.password is None else Secret(data.password),
            language=preferred_language(find_header_text(request.scope, b"accept-language")),
            request_id=exchange_of(request.scope).request_id,
        )
        return Answer(Success(data=Registered(next_step)), status=202)

    async def confirm(
        self, data: JSONBody[Confirmation], request: StrictRequest
    ) -> Answer[Success[Registered]]:
        """Become a user by the code that was mailed, with the password that is given here."""
        next_step = await confirm(
            self.platform,
            data.email,
            Secret(data.code),
            Secret(data.password),
            visitor_of(request.scope),
            request_id=exchange_of(request.scope).request_id,
        )
        return Answer(Success(data=Registered(next_step)))

    async def login(
        self, data: JSONBody[Login], request: StrictRequest
    ) -> Answer[Success[AccessToken]]:
        """Sign in: a bearer token for 15 minutes, and a cookie that carries the session further.

        Whatever does not fit, and whoever is not there, is one and the same refusal.
        """
        self._require_own_call(request)
        signed_in = await sign_in(
            self.platform,
            data.email,
            Secret(data.password),
            visitor_of(request.scope),
            request_id=exchange_of(request.scope).request_id,
        )
        return self._go_on(signed_in)

    async def refresh(self, request: StrictRequest) -> Answer[Success[AccessToken]]:
        """Use the cookie up for a new bearer token and a new cookie.

        A cookie that was used before ends its session, for whoever holds it.
        """
        self._require_own_call(request)
        await require_no_body(request.scope, request.receive)
        signed_in = await refresh_session(
            self.platform,
            self._token_of(request),
            visitor_of(request.scope),
            request_id=exchange_of(request.scope).request_id,
        )
        return self._go_on(signed_in)

    async def logout(self, request: StrictRequest) -> Answer[Success[SignedOut]]:
        """End the session of the cookie, and its bearer tokens at once. Harmless when repeated."""
        self._require_own_call(request)
        await require_no_body(request.scope, request.receive)
        await sign_out(
            self.platform,
            self._token_of(request),
            request_id=exchange_of(request.scope).request_id,
        )
        return Answer(Success(data=SignedOut()), headers=[cookie.drop(self.platform.public_url)])

    async def list_all(self, request: StrictRequest) -> Answer[Success[SessionList]]:
        """List the caller's sessions that go on, the newest first, 100 at most."""
        await require_no_body(request.scope, request.receive)
        caller = request.user
        sessions = [
            session_of_wire(session, is_current=session.id == caller.session_id)
            for session in await list_sessions(self.platform, caller)
        ]
        return Answer(Success(data=SessionList(sessions)))

    async def revoke(
        self, session_id: SessionNamed, request: StrictRequest
    ) -> Answer[Success[Revoked]]:
        """End another session of the caller's, and its bearer tokens at once."""
        await require_no_body(request.scope, request.receive)
        request_id = exchange_of(request.scope).request_id
        await end_session(self.platform, request.user, session_id, request_id=request_id)
        return Answer(Success(data=Revoked(1)))

    async def revoke_others(self, request: StrictRequest) -> Answer[Success[Revoked]]:
        """End every session of the caller's but the current one."""
        await require_no_body(request.scope, request.receive)
        request_id = exchange_of(request.scope).request_id
        count = await end_other_sessions(self.platform, request.user, request_id=request_id)
        return Answer(Success(data=Revoked(count)))

    def refuse(self, request: Request[Any, Any, Any], error: Exception) -> Answer[Failed]:
        """Tell in the envelope what went wrong with a request."""
        return refuse(self.platform, request, error)

    def _go_on(self, signed_in: SignedIn) -> Answer[Success[AccessToken]]:
        if self.access_tokens is None:
            raise RefreshRefused("off")
        token = self.access_tokens.issue(
            signed_in.user.id, signed_in.session.id, is_operator=signed_in.user.is_operator
        )
        return Answer(
            Success(data=AccessToken(token.reveal(), int(LIFETIME.total_seconds()))),
            headers=[cookie.keep(signed_in.refresh_token, self.platform.public_url)],
        )

    def _token_of(self, request: StrictRequest) -> str | None:
        return find_cookie(request.scope, cookie.refresh_cookie(self.platform.public_url))

    def _require_own_call(self, request: StrictRequest) -> None:
        origins = self.platform.addresses.origins
        if not is_own_call(request.scope, self.platform.public_url, origins):
            raise NotYours


def build_auth_router(api: AuthApi, door: AuthDoor) -> Router:
    """Return the routes of signing in."""
    return Router(
        PREFIX,
        route_handlers=[*_for_anybody(api), *_for_users(api)],
        before_request=door.admit,
        request_class=StrictRequest,
        exception_handlers={Exception: api.refuse},
        tags=["Sign-in"],
    )


def _for_anybody(api: AuthApi) -> list[HTTPRouteHandler]:
    return [
        post(
            "/register",
            status_code=202,
            operation_id="register",
            summary="Register",
            opt={OPERATION: "auth.register", FOR_ANYBODY: True},
            responses=_refusals(400, 403, 404, 413, 415, 429, 503),
        )(api.register),
        post(
            "/confirm",
            status_code=200,
            operation_id="confirmRegistration",
            summary="Enter the code",
            opt={OPERATION: "auth.confirm", FOR_ANYBODY: True},
            responses=_refusals(400, 401, 403, 404, 413, 415, 429, 503),
        )(api.confirm),
        post(
            "/login",
            status_code=200,
            operation_id="login",
            summary="Sign in",
            opt={OPERATION: "auth.login", FOR_ANYBODY: True},
            responses=_refusals(400, 401, 403, 404, 413, 415, 429, 503),
        )(api.login),
        post(
            "/refresh",
            status_code=200,
            operation_id="refreshSession",
            summary="Get a new bearer token",
            opt={OPERATION: "auth.refresh", FOR_ANYBODY: True},
            responses=_refusals(400, 401, 403, 404, 413, 429, 503),
        )(api.refresh),
        post(
            "/logout",
            status_code=200,
            operation_id="logout",
            summary="Sign out",
            opt={OPERATION: "auth.logout", FOR_ANYBODY: True},
            responses=_refusals(400, 403, 404, 413, 429, 503),
        )(api.logout),
    ]


def _for_users(api: AuthApi) -> list[HTTPRouteHandler]:
    bearer: list[dict[str, list[str]]] = [{"bearer": []}]
    return [
        get(
            "/sessions",
            operation_id="listSessions",
            summary="List one's sessions",
            opt={OPERATION: "auth.sessions"},
            security=bearer,
            responses=_refusals(400, 401, 404, 413, 429, 503),
        )(api.list_all),
        delete(
            "/sessions/{session_id:str}",
            status_code=200,
            operation_id="revokeSession",
            summary="End another session",
            opt={OPERATION: "auth.revoke"},
            security=bearer,
            responses=_refusals(400, 401, 404, 413, 429, 503),
        )(api.revoke),
        post(
            "/sessions/revoke-others",
            status_code=200,
            operation_id="revokeOtherSessions",
            summary="End all other sessions",
            opt={OPERATION: "auth.revoke-others"},
            security=bearer,
            responses=_refusals(400, 401, 404, 413, 429, 503),
        )(api.revoke_others),
    ]


_REASONS: Final = {
    400: "The request does not make sense, or the current session would end",
    401: "What was given does not let anybody in",
    403: "Nobody can register here, or the call comes from another site",
    404: "Nobody signs in here, or the caller has no such session",
    413: "The body is larger than 64 KiB",
    415: "The body is not JSON",
    429: "The window is used up, or too much went wrong; `Retry-After` says for how long",
    503: "Too many are at it, or our own memory is away; `Retry-After` says for how long",
}


def _refusals(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(Failed, description=_REASONS[status], generate_examples=False)
        for status in statuses
    }
