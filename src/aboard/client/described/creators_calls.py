"""How are the operations of `creators` called?

Written from the service's description by `make client-python`; not by hand.
"""

from msgspec import UNSET, UnsetType

from aboard.client.asking import Calls
from aboard.client.described import creators_operations as operations
from aboard.client.described.creators_shapes import (
    AccountStatus,
    DashboardLink,
    Initiated,
    OnboardingLink,
    PayoutSettings,
    Profile,
    Upgraded,
)
from aboard.client.described.words import ModeName


class CreatorsCalls(Calls):
    """The operations of `creators`: each raises `CallFailed`, or a kind of it."""

    def upgrade(
        self, *, display_name: str | UnsetType | None = UNSET, bio: str | UnsetType | None = UNSET
    ) -> Upgraded:
        """Make the caller a creator; the same answer when they already are one.

        The body may be left out. A profile that is there stays as it is.

        Limit: 30 calls an hour for each caller.

        What happens, in order

        1. The caller's creator profile is written, unless it is there already.

        `display_name`: 1 to 100 characters on one line.

        `bio`: up to 500 characters.
        """
        return self._ask(operations.UPGRADE, display_name=display_name, bio=bio)

    def profile(self, *, mode: ModeName | UnsetType | None = UNSET) -> Profile:
        """Read the caller's profile, with what is remembered of their account.

        Limit: 120 calls an hour for each caller.

        What happens, in order

        1. The profile, the check and the stored account are looked up. Stripe is not asked.

        `mode`: which of the two accounts; else the one of the settings.
        """
        return self._ask(operations.PROFILE, mode=mode)

    def change_profile(
        self,
        *,
        mode: ModeName | UnsetType | None = UNSET,
        display_name: str | UnsetType | None = UNSET,
        bio: str | UnsetType | None = UNSET,
    ) -> Profile:
        """Change what is given of the caller's profile, null to nothing, and answer with all.

        Limit: 30 calls an hour for each caller.

        What happens, in order

        1. What is given is written; what is left out stays. Stripe is neither told nor asked.
        2. The profile is read again, and told.

        `mode`: which of the two accounts; else the one of the settings.

        `display_name`: 1 to 100 characters on one line.

        `bio`: up to 500 characters.
        """
        return self._ask(operations.CHANGE_PROFILE, mode=mode, display_name=display_name, bio=bio)

    def payout_settings(self, *, mode: ModeName | UnsetType | None = UNSET) -> PayoutSettings:
        """Read how the caller is paid, as it is remembered: good for asking often.

        Limit: 120 calls an hour for each caller.

        What happens, in order

        1. The profile and the stored account are looked up. Stripe is not asked.

        `mode`: which of the two accounts; else the one of the settings.
        """
        return self._ask(operations.PAYOUT_SETTINGS, mode=mode)

    def initiate(self, *, mode: ModeName | UnsetType | None = UNSET) -> Initiated:
        """Make the creator's Express account once, and answer with a link to its onboarding.

        With an account already there, the link is a new one for the same account. Where the
        platform wants to know its creators, their check must be APPROVED.

        Limit: 10 calls an hour for each caller.

        What happens, in order

        1. The profile is looked up: without one, 404.
        2. The check of who the creator is must be APPROVED, where the platform asks for one.
        3. Without an account: a row is reserved and claimed, each by one conditional write.
        4. Without an account: Stripe makes one, under an idempotency key made from that row.
        5. Its id and its first snapshot are written; the log says `account.created`.
        6. The onboarding is written, with the addresses where the creator ends.
        7. Stripe makes the link. Its purpose and times are written, never its address.
        8. The log says `link.issued`.

        `mode`: which of the two accounts; else the one of the settings.
        """
        return self._ask(operations.INITIATE, mode=mode)

    def refresh_link(self, *, mode: ModeName | UnsetType | None = UNSET) -> OnboardingLink:
        """Answer with a new single-use link for the account that is there; writes nothing.

        Limit: 10 calls an hour for each caller.

        What happens, in order

        1. The profile is looked up: without one, 404.
        2. The account is looked up: without one, 400.
        3. Stripe makes the link. If it says that the account is gone, that is written down.
        4. The log says `link.issued`, never which link. Nothing is written to the database.

        `mode`: which of the two accounts; else the one of the settings.
        """
        return self._ask(operations.REFRESH_LINK, mode=mode)

    def status(self, *, mode: ModeName | UnsetType | None = UNSET) -> AccountStatus:
        """Read the account from Stripe and remember it; without Stripe, answer from memory.

        From memory, `detailsSubmitted` is false and means unknown, and the header
        `X-Status-Source` says `stored`.

        Limit: 10 calls an hour for each caller.

        What happens, in order

        1. The profile and the stored account are looked up.
        2. Stripe is asked for the account, for `ABOARD_STATUS_TIMEOUT_SECONDS` at most.
        3. What Stripe says is written in one commit, with the news for the platform in it.
        4. Without an answer from Stripe nothing is written, and the stored values are told.

        `mode`: which of the two accounts; else the one of the settings.
        """
        return self._ask(operations.STATUS, mode=mode)

    def dashboard_link(self, *, mode: ModeName | UnsetType | None = UNSET) -> DashboardLink:
        """Answer with a single-use link to Stripe's Express dashboard, for an active account.

        Limit: 10 calls an hour for each caller.

        What happens, in order

        1. The profile and the stored account are looked up.
        2. An account that is not known to be `ACTIVE` is read from Stripe once, and remembered.
        3. Stripe makes the link, which is written nowhere. The log says `login_link.issued`.

        `mode`: which of the two accounts; else the one of the settings.
        """
        return self._ask(operations.DASHBOARD_LINK, mode=mode)
