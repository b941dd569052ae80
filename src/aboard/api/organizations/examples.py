"""What does each operation look like in use? One example each, of the wire's own types.

Source: docs/api/organizations.md.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aboard.api.organizations.errors import SITUATIONS, TABLE, Row
from aboard.api.organizations.examples_directory import OPERATIONS as DIRECTORY
from aboard.api.organizations.schemas import (
    Connection,
    Details,
    Failed,
    LinkAnswer,
    LinkRequest,
    LoginLinkAnswer,
    ModeRequest,
    PageLinkAnswer,
    PageLinkRequest,
    Problem,
    SessionAnswer,
    SessionRequest,
)
from aboard.api.organizations.schemas_state import (
    ItemProblem,
    Setup,
    WorkGroups,
    WorkItem,
    WorkList,
)
from aboard.api.showing import Showcase, Shown
from aboard.core import errors as facts
from aboard.core.owner import Mode
from aboard.core.readiness import Actor, Readiness
from aboard.core.requirements import Subject
from aboard.flows.health import HealthReport, Part, Word
from aboard.flows.sync import Source
from aboard.web.health import Health

_NOW: Final = datetime(2026, 11, 21, 9, tzinfo=UTC)
_SOON: Final = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
_DEADLINE: Final = datetime(2026, 12, 1, tzinfo=UTC)
_REQUEST_ID: Final = "0b6f2f3e-5d0c-4f0a-9a51-7d2f5f1f8f2e"
_KEY: Final = {
    "Idempotency-Key": "1 to 255 visible characters: a repeat within a day is the same request."
}
_LANGUAGE: Final = {"Accept-Language": "en, pt, es, de or fr; English otherwise."}
_REPLAYED: Final = {"Idempotent-Replayed": "`true` when this is the answer of an earlier request."}

_PARTS: Final = {
    "database": Part(Word.UP, latency_ms=1),
    "stripe_test": Part(Word.UP, last_seen_seconds=4),
    "webhooks_test_platform": Part(Word.UNKNOWN, reason="never_spoken"),
    "webhooks_test_connect": Part(Word.UP, last_seen_seconds=12),
    "worker": Part(Word.UP, oldest_due_seconds=0),
}
_CONNECTION: Final = Connection(
    organization_id="org_1",
    mode=Mode.TEST,
    stripe_account_id="acct_1",
    readiness=Readiness.RESTRICTED_SOON,
    who_must_act=Actor.OWNER,
    charges_enabled=True,
    payouts_enabled=True,
    details_submitted=True,
    capabilities={"card_payments": "active", "transfers": "active"},
    disabled_reason=None,
    current_deadline=_DEADLINE,
    synced_at=_NOW,
    source=Source.STORED,
)
_ITEM: Final = WorkItem(
    key="individual.verification.document",
    title="Identity document",
    help="Take a photo of your passport, in colour, with all four corners.",
    why="Stripe must confirm who runs the business.",
    subject=Subject.REPRESENTATIVE,
    subject_title="The person who represents the business",
    person_id=None,
    deadline=_DEADLINE,
    errors=[
        ItemProblem(
            "verification_document_too_blurry",
            "The photo could not be read.",
            "Take it again in good light.",
        )
    ],
    alternatives=[],
)
_WORK_LIST: Final = WorkList(
    organization_id="org_1",
    mode=Mode.TEST,
    readiness=Readiness.RESTRICTED_SOON,
    who_must_act=Actor.OWNER,
    groups=WorkGroups(
        past_due=[],
        currently_due=[_ITEM],
        eventually_due=[],
        pending_verification=[],
        future=[],
    ),
    synced_at=_NOW,
    source=Source.LIVE,
)
_WAITING: Final = Setup(
    organization_id="org_1",
    mode=Mode.LIVE,
    onboarded=True,
    operational=True,
    live=False,
    blockers=["connect_webhook_silent"],
    opened_at=None,
    opened_by=None,
    closed_at=None,
    synced_at=_NOW,
    source=Source.STORED,
)
_LIVE: Final = Setup(
    organization_id="org_1",
    mode=Mode.LIVE,
    onboarded=True,
    operational=True,
    live=True,
    blockers=[],
    opened_at=_NOW,
    opened_by="user_1",
    closed_at=None,
    synced_at=_NOW,
    source=Source.LIVE,
)
_CLOSED: Final = Setup(
    organization_id="org_1",
    mode=Mode.LIVE,
    onboarded=True,
    operational=True,
    live=False,
    blockers=[],
    opened_at=_NOW,
    opened_by="user_1",
    closed_at=_SOON,
    synced_at=_NOW,
    source=Source.STORED,
)

_OPERATIONS: Final[Mapping[str, Shown]] = {
    "createOnboardingLink": Shown(
        LinkAnswer("https://connect.stripe.com/setup/e/acct_1/example", _SOON),
        LinkRequest(
            organization_id="org_1",
            mode=Mode.TEST,
            return_url="https://platform.example/payouts/done",
            refresh_url="https://platform.example/payouts/again",
            country="PT",
        ),
        takes=_KEY,
    ),
    "createLoginLink": Shown(
        LoginLinkAnswer("https://connect.stripe.com/express/acct_1/example"),
        ModeRequest(Mode.TEST),
        takes=_KEY,
    ),
    "createAccountSession": Shown(
        SessionAnswer("accs_secret__example", _SOON),
        SessionRequest(Mode.TEST, ["account_onboarding", "payouts"]),
        takes=_KEY,
    ),
    "createPageLink": Shown(
        PageLinkAnswer("https://aboard.example/connect/enter?ticket=example", _SOON),
        PageLinkRequest(Mode.TEST),
        takes=_KEY,
    ),
    "getConnection": Shown(_CONNECTION),
    "getRequirements": Shown(
        _WORK_LIST,
        takes=_LANGUAGE,
        gives={
            "Content-Language": "The language of the words.",
            "Vary": "`accept-language`.",
        },
    ),
    "getSetupState": Shown(_WAITING),
    "goLive": Shown(_LIVE, ModeRequest(Mode.LIVE), takes=_KEY, gives=_REPLAYED),
    "stopLive": Shown(_CLOSED, takes=_KEY, gives=_REPLAYED),
    "disconnect": Shown(
        takes=_KEY,
        gives={
            "Aboard-Disconnection": "`deleted`, `deauthorized` or `forgotten`.",
            **_REPLAYED,
        },
    ),
    "visitReturn": Shown(gives={"Location": "The stored return address."}, is_page=True),
    "visitRefresh": Shown(
        gives={"Location": "A new link at Stripe, or the stored refresh address."}, is_page=True
    ),
    "readHealth": Shown(
        Health.of(HealthReport(_NOW, _PARTS)),
        fails={503: Health.of(HealthReport(_NOW, {"database": Part(Word.DOWN, reason="full")}))},
    ),
}


def _failed(row: Row, details: Details | None = None) -> Failed:
    return Failed(row.code, row.message, _REQUEST_ID, details)


_REFUSALS: Final[Mapping[int, Any]] = {
    400: _failed(TABLE[facts.InputRefused], Details([Problem("colour", "is not a known field")])),
    401: _failed(TABLE[facts.Unauthenticated]),
    403: _failed(TABLE[facts.NotYours]),
    404: _failed(next(iter(SITUATIONS.values()))),
    409: _failed(TABLE[facts.AccountNotReady], Details(blockers=["requirements_past_due"])),
    413: Failed("body_too_large", "The body is too large.", _REQUEST_ID),
    415: Failed("unsupported_media_type", "The body must be JSON.", _REQUEST_ID),
    429: _failed(TABLE[facts.TooManyRequests], Details(retry_after_seconds=600)),
    502: _failed(TABLE[facts.StripeKeySwapped]),
    503: _failed(TABLE[facts.StripeUnavailable], Details(retry_after_seconds=5)),
}

SHOWCASE: Final = Showcase({**_OPERATIONS, **DIRECTORY}, _REFUSALS, calls=60)
