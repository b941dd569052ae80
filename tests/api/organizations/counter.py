"""What members of an organization ask at the counter, and how a refusal looks."""

from collections.abc import Mapping
from typing import Any

import httpx2

from aboard.core.caller import Role
from aboard.core.owner import Mode, Owner, OwnerKind
from tests.api.asking import ACCOUNTS, Desk
from tests.scene import REFRESH_URL, RETURN_URL

ORG = f"{ACCOUNTS}/org_1"
LINKS = f"{ACCOUNTS}/onboarding-links"
TEST = "mode=test"
OWNER = {"org_1": Role.OWNER}
OWNER_OF = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
KEY = {"idempotency-key": "try-1"}
LINK_BODY = {
    "organizationId": "org_1",
    "mode": "test",
    "returnUrl": RETURN_URL,
    "refreshUrl": REFRESH_URL,
}
MODE_BODY = {"mode": "test"}


async def ask(desk: Desk, method: str, path: str, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    """Ask as the owner of org_1, unless told otherwise."""
    rest.setdefault("organizations", OWNER)
    return await desk.ask(method, path, **rest)


async def start(desk: Desk, **more: object) -> str:
    """Begin the onboarding of org_1; return its account's id."""
    answer = await ask(desk, "POST", LINKS, json={**LINK_BODY, **more})
    assert answer.status_code == 200, answer.text
    return desk.scene.accounts()[-1]


def refusal(answer: httpx2.Response, status: int, code: str) -> Mapping[str, Any]:
    """Check a refusal in the organizations dialect; return its details."""
    assert answer.status_code == status, answer.text
    body: Mapping[str, Any] = answer.json()
    assert body.keys() - {"details"} == {"code", "message", "request_id"}
    assert body["code"] == code
    assert body["request_id"] == answer.headers["x-request-id"]
    details: Mapping[str, Any] = body.get("details", {})
    return details


def fields(answer: httpx2.Response) -> set[str]:
    """Return the fields that a 400 names."""
    return {row["field"] for row in refusal(answer, 400, "invalid_request")["problems"]}


async def audited(desk: Desk, *, action: str | None = None) -> list[str]:
    """Return the outcomes of the audit rows about org_1, oldest first."""
    rows = await desk.scene.platform.store.list_audit(OWNER_OF, action=action)
    return [row.outcome for row in rows][::-1]


async def told(desk: Desk) -> list[str]:
    """Return the types of what was announced about org_1, oldest first."""
    rows = await desk.scene.platform.store.list_announcements(OWNER_OF)
    return [row.type.value for row in rows][::-1]
