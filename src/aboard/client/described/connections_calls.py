"""How are the operations of `connections` called?

Written from the service's description by `make client-python`; not by hand.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from aboard.client.answers import Done
from aboard.client.asking import Calls
from aboard.client.described import connections_operations as operations
from aboard.client.described.organizations_shapes import (
    Connection,
    LinkAnswer,
    LoginLinkAnswer,
    PageLinkAnswer,
    SessionAnswer,
    Setup,
    WorkList,
)
from aboard.client.described.words import BusinessTypeName, CollectName, ModeName, OwnerPageName


class ConnectionsCalls(Calls):
    """The operations of `connections`: each raises `CallFailed`, or a kind of it."""

    def onboarding_link(
        self,
        organization_id: str,
        *,
        mode: ModeName,
        return_url: str,
        refresh_url: str,
        collect: CollectName | UnsetType = UNSET,
        force: bool | UnsetType = UNSET,
        restart: bool | UnsetType = UNSET,
        country: str | UnsetType | None = UNSET,
        business_type: BusinessTypeName | UnsetType | None = UNSET,
        email: str | UnsetType | None = UNSET,
        idempotency_key: str | UnsetType = UNSET,
    ) -> LinkAnswer:
        r"""Start or resume the organization's onboarding and answer with a single-use link.

        Repeated with the same `Idempotency-Key`, it answers with a new link for the same
        account: links are never stored. A complete account is a 409 `nothing_due` unless
        `force` is true, a disconnected or rejected one a 409 unless `restart` is true.

        Limit: 60 calls an hour for each caller.

        `organization_id`: the platform's id: 1 to 255 visible ASCII characters, none of / \ % ;
        and neither . nor ..

        `country`: two capital letters, as PT.

        `email`: an e-mail address in ASCII.
        """
        return self._ask(
            operations.ONBOARDING_LINK,
            organization_id=organization_id,
            mode=mode,
            return_url=return_url,
            refresh_url=refresh_url,
            collect=collect,
            force=force,
            restart=restart,
            country=country,
            business_type=business_type,
            email=email,
            idempotency_key=idempotency_key,
        )

    def login_link(
        self, organization_id: str, *, mode: ModeName, idempotency_key: str | UnsetType = UNSET
    ) -> LoginLinkAnswer:
        """Answer with a single-use link to Stripe's Express dashboard.

        Stripe gives it to accounts with that dashboard, after onboarding.

        Limit: 60 calls an hour for each caller.
        """
        return self._ask(
            operations.LOGIN_LINK,
            organization_id=organization_id,
            mode=mode,
            idempotency_key=idempotency_key,
        )

    def account_session(
        self,
        organization_id: str,
        *,
        mode: ModeName,
        components: Sequence[str],
        idempotency_key: str | UnsetType = UNSET,
    ) -> SessionAnswer:
        """Answer with the secret that opens Stripe's embedded components.

        The names of components are Stripe's, and Stripe decides which this account may have.

        Limit: 60 calls an hour for each caller.
        """
        return self._ask(
            operations.ACCOUNT_SESSION,
            organization_id=organization_id,
            mode=mode,
            components=components,
            idempotency_key=idempotency_key,
        )

    def page_link(
        self,
        organization_id: str,
        *,
        mode: ModeName,
        page: OwnerPageName | UnsetType = UNSET,
        idempotency_key: str | UnsetType = UNSET,
    ) -> PageLinkAnswer:
        """Answer with a single-use link to Aboard's own pages for owners.

        Whoever opens it sees and may do there what the caller may.

        Limit: 60 calls an hour for each caller.
        """
        return self._ask(
            operations.PAGE_LINK,
            organization_id=organization_id,
            mode=mode,
            page=page,
            idempotency_key=idempotency_key,
        )

    def connection(
        self, organization_id: str, *, mode: ModeName, fresh: bool | UnsetType = UNSET
    ) -> Connection:
        """Read the organization's connection: stored with `syncedAt`, or live with `fresh`.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.

        `fresh`: ask Stripe first.
        """
        return self._ask(
            operations.CONNECTION, organization_id=organization_id, mode=mode, fresh=fresh
        )

    def disconnect(
        self,
        organization_id: str,
        *,
        mode: ModeName,
        forget: bool | UnsetType = UNSET,
        idempotency_key: str | UnsetType = UNSET,
    ) -> Done:
        """End the account at Stripe where Stripe allows, else forget it; and let go of it here.

        The header `Aboard-Disconnection` says which it was.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.

        `forget`: let go here even of an account that Stripe lets nobody end.
        """
        return self._ask(
            operations.DISCONNECT,
            organization_id=organization_id,
            mode=mode,
            forget=forget,
            idempotency_key=idempotency_key,
        )

    def requirements(
        self,
        organization_id: str,
        *,
        mode: ModeName,
        fresh: bool | UnsetType = UNSET,
        language: Literal["en", "pt", "es", "de", "fr"] | UnsetType | None = UNSET,
    ) -> WorkList:
        """Read what Stripe still wants, by when it bites, in words that a seller understands.

        The support role sees neither errors nor deadlines.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.

        `fresh`: ask Stripe first.

        `language`: instead of what `Accept-Language` asks for.
        """
        return self._ask(
            operations.REQUIREMENTS,
            organization_id=organization_id,
            mode=mode,
            fresh=fresh,
            language=language,
        )

    def setup_state(
        self, organization_id: str, *, mode: ModeName, fresh: bool | UnsetType = UNSET
    ) -> Setup:
        """Read how far the organization has come, and what stands before going live.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.

        `fresh`: ask Stripe first.
        """
        return self._ask(
            operations.SETUP_STATE, organization_id=organization_id, mode=mode, fresh=fresh
        )

    def go_live(
        self, organization_id: str, *, mode: ModeName, idempotency_key: str | UnsetType = UNSET
    ) -> Setup:
        """Open the gate, if Stripe says just now that nothing stands before it.

        Otherwise 409 `not_ready` with the blockers. A gate that is open stays as it is. Facts
        close it again at any reading; nothing but a person opens it.

        Limit: 60 calls an hour for each caller.
        """
        return self._ask(
            operations.GO_LIVE,
            organization_id=organization_id,
            mode=mode,
            idempotency_key=idempotency_key,
        )

    def stop_live(
        self, organization_id: str, *, mode: ModeName, idempotency_key: str | UnsetType = UNSET
    ) -> Setup:
        """Close the gate by hand. A gate that is not open stays as it is.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.
        """
        return self._ask(
            operations.STOP_LIVE,
            organization_id=organization_id,
            mode=mode,
            idempotency_key=idempotency_key,
        )
