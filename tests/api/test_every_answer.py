"""What holds for every answer: an id, a dialect, a description, and no word of our own faults."""

import json
import logging
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx2
import pytest

from aboard.core.caller import Role
from tests.api.asking import ACCOUNTS, CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk
from tests.scene import REFRESH_URL, RETURN_URL

AUTH = "/api/v1/auth"
DIRECTORY = "/v1/organizations"
ONE = f"{DIRECTORY}/{{organizationId}}"
OWNER = {"org_1": Role.OWNER}
ACCOUNT = f"{ACCOUNTS}/{{organizationId}}"
LINK_BODY = {
    "organizationId": "org_1",
    "mode": "test",
    "returnUrl": RETURN_URL,
    "refreshUrl": REFRESH_URL,
}


class TestRequestId:
    async def test_a_valid_one_is_kept(self, desk: Desk) -> None:
        for given in ("a", "A.b_c-9", "x" * 128):
            for path in ("/v1/health", "/nowhere", f"{CONNECT}/status", f"{ACCOUNTS}/return"):
                answer = await desk.ask("GET", path, headers={"x-request-id": given})
                assert answer.headers.get_list("x-request-id") == [given]

    async def test_another_one_is_replaced(self, desk: Desk) -> None:
        for given in ("", "a b", "x" * 129, "a\u00e9", "<b>", "a/b", "\u0661"):
            headers: Any = {"x-request-id": given.encode()}
            answer = await desk.ask("GET", "/v1/health", headers=headers)
            assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-request-id"])


class TestDialects:
    async def test_an_unknown_path_of_the_creators(self, desk: Desk) -> None:
        for path in ("/api/v1/nowhere", f"{CREATORS}/", f"{CONNECT}/status/x"):
            answer = await desk.ask("GET", path)
            assert answer.status_code == 404
            assert answer.json()["error"]["code"] == "NOT_FOUND"

    async def test_an_unknown_path_of_the_others(self, desk: Desk) -> None:
        for path in ("/", "/v1", "/v2/x", "/v1/connect", f"{ACCOUNTS}/a/b", "/schema", "/docs"):
            answer = await desk.ask("GET", path)
            assert answer.status_code == 404
            assert answer.json().keys() == {"code", "message", "request_id"}
            assert answer.json()["code"] == "not_found"

    async def test_another_method(self, desk: Desk) -> None:
        for method, path, allowed in (
            ("PUT", f"{ACCOUNTS}/onboarding-links", "POST"),
            ("POST", f"{ACCOUNTS}/return", "GET"),
            ("DELETE", "/v1/health", "GET"),
            ("POST", f"{ACCOUNTS}/org_1", "GET"),
        ):
            answer = await desk.ask(method, path)
            assert answer.status_code == 405
            assert allowed in answer.headers["allow"]
            assert answer.json()["code"] == "method_not_allowed"

    async def test_a_host_that_is_none(self, desk: Desk) -> None:
        answer = await desk.ask("GET", "/v1/health", headers={"host": "a b/c?d"})
        assert answer.status_code == 400

    async def test_a_port_that_is_none(self, desk: Desk) -> None:
        headers = {"host": "a:99999"}
        for query in ("", "mode=x"):
            answer = await desk.ask("GET", f"{ACCOUNTS}/org_1?{query}", headers=headers)
            assert answer.status_code == 400


class TestMounted:
    async def test_under_a_path_of_another_application(self, desk: Desk) -> None:
        transport = desk.client._transport  # noqa: SLF001 - the application inside it
        assert isinstance(transport, httpx2.ASGITransport)
        mounted = httpx2.ASGITransport(app=transport.app, root_path="/connect")
        async with httpx2.AsyncClient(transport=mounted, base_url="http://p.test") as client:
            inner = replace(desk, client=client)
            assert (await inner.ask("GET", "/connect/v1/health")).status_code == 200
            answer = await inner.ask("GET", "/connect/api/v1/nowhere")
            assert answer.json()["error"]["code"] == "NOT_FOUND"


class TestOurOwnFaults:
    @pytest.fixture
    async def broken(self, desk: Desk, open_desk: OpenDesk) -> Desk:
        """A platform whose clock fails with a text that must not get out."""
        await desk.ask("POST", f"{CREATORS}/upgrade")
        await desk.ask("POST", f"{CONNECT}/initiate")
        answer = await desk.ask(
            "POST", f"{ACCOUNTS}/onboarding-links", organizations=OWNER, json=LINK_BODY
        )
        assert answer.status_code == 200

        def clock() -> datetime:
            raise RuntimeError("sk_test_words_in_an_exception")

        return await open_desk(desk.scene.with_changes(clock=clock))

    async def test_each_dialect_says_no_more_than_that(
        self, broken: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        creators = await broken.ask("POST", f"{CONNECT}/refresh-link")
        assert creators.status_code == 500
        assert creators.json()["error"]["code"] == "INTERNAL"
        assert creators.headers["ratelimit-remaining"]
        organizations = await broken.ask(
            "POST", f"{ACCOUNTS}/onboarding-links", organizations=OWNER, json=LINK_BODY
        )
        assert organizations.status_code == 500
        assert organizations.json()["code"] == "internal"
        page = await broken.ask("GET", f"{ACCOUNTS}/return?state=v1.k1.x.y", user=None)
        assert page.status_code == 500
        assert "<h1>Please try again in a moment</h1>" in page.text
        for answer in (creators, organizations, page):
            assert "words" not in answer.text
            assert "RuntimeError" not in answer.text
            assert answer.headers["x-request-id"] in answer.text
            assert answer.headers["x-request-id"] in caplog.text
        assert "words_in" not in caplog.text
        faults = [row for row in caplog.records if row.levelno == logging.ERROR]
        assert len(faults) == 3
        assert "error=RuntimeError at=clock:" in faults[0].getMessage()

    async def test_a_database_that_is_away_is_said_with_when_to_try_again(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        await desk.scene.platform.store.close()
        answer = await desk.ask("GET", f"{CONNECT}/status")
        assert answer.status_code == 503
        assert answer.json()["error"]["i18nKey"] == "error.unavailable"
        assert int(answer.headers["retry-after"]) > 0
        assert "error_code=store.unavailable cause=closed" in caplog.text


class TestDescription:
    @pytest.fixture
    async def described(self, desk: Desk) -> dict[str, Any]:
        answer = await desk.ask("GET", "/openapi.json", user=None)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"
        description: dict[str, Any] = answer.json()
        return description

    async def test_it_is_openapi_3_1(self, described: dict[str, Any]) -> None:
        assert described["openapi"].startswith("3.1.")
        assert described["info"]["title"] == "Aboard"
        assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"

    async def test_it_names_every_operation(self, described: dict[str, Any]) -> None:
        named = {
            (method.upper(), path): operation["operationId"]
            for path, item in described["paths"].items()
            for method, operation in item.items()
        }
        assert named == {
            ("POST", f"{CREATORS}/upgrade"): "upgradeToCreator",
            ("GET", f"{CREATORS}/profile"): "getCreatorProfile",
            ("PATCH", f"{CREATORS}/profile"): "changeCreatorProfile",
            ("GET", f"{CREATORS}/payout-settings"): "getPayoutSettings",
            ("POST", f"{CREATORS}/kyc/start"): "startCreatorKyc",
            ("GET", f"{CREATORS}/kyc/status"): "getCreatorKyc",
            ("GET", f"{CREATORS}/kyc/pending"): "listPendingKyc",
            ("POST", f"{CREATORS}/{{creatorId}}/kyc/decision"): "decideKyc",
            ("POST", f"{CONNECT}/initiate"): "initiateCreatorOnboarding",
            ("POST", f"{CONNECT}/refresh-link"): "refreshCreatorLink",
            ("GET", f"{CONNECT}/status"): "getCreatorStatus",
            ("POST", f"{CONNECT}/dashboard-link"): "createCreatorDashboardLink",
            ("POST", f"{ACCOUNTS}/onboarding-links"): "createOnboardingLink",
            ("GET", ACCOUNT): "getConnection",
            ("DELETE", ACCOUNT): "disconnect",
            ("GET", f"{ACCOUNT}/requirements"): "getRequirements",
            ("GET", f"{ACCOUNT}/setup-state"): "getSetupState",
            ("POST", f"{ACCOUNT}/login-links"): "createLoginLink",
            ("POST", f"{ACCOUNT}/account-sessions"): "createAccountSession",
            ("POST", f"{ACCOUNT}/page-links"): "createPageLink",
            ("POST", f"{ACCOUNT}/go-live"): "goLive",
            ("DELETE", f"{ACCOUNT}/go-live"): "stopLive",
            ("GET", f"{ACCOUNTS}/return"): "visitReturn",
            ("GET", f"{ACCOUNTS}/refresh"): "visitRefresh",
            ("GET", "/v1/health"): "readHealth",
            ("POST", DIRECTORY): "createOrganization",
            ("GET", DIRECTORY): "listOrganizations",
            ("GET", ONE): "getOrganization",
            ("PATCH", ONE): "changeOrganization",
            ("GET", f"{ONE}/members"): "listMembers",
            ("PUT", f"{ONE}/members/{{userId}}"): "setMember",
            ("DELETE", f"{ONE}/members/{{userId}}"): "removeMember",
            ("GET", f"{ONE}/account-shape"): "getAccountShape",
            ("PUT", f"{ONE}/account-shape"): "setAccountShape",
            ("DELETE", f"{ONE}/account-shape"): "forgetAccountShape",
            ("GET", f"{ONE}/go-live-policy"): "getGoLivePolicy",
            ("PUT", f"{ONE}/go-live-policy"): "setGoLivePolicy",
            ("DELETE", f"{ONE}/go-live-policy"): "forgetGoLivePolicy",
            ("POST", f"{AUTH}/register"): "register",
            ("POST", f"{AUTH}/confirm"): "confirmRegistration",
            ("POST", f"{AUTH}/login"): "login",
            ("POST", f"{AUTH}/refresh"): "refreshSession",
            ("POST", f"{AUTH}/logout"): "logout",
            ("GET", f"{AUTH}/sessions"): "listSessions",
            ("DELETE", f"{AUTH}/sessions/{{sessionId}}"): "revokeSession",
            ("POST", f"{AUTH}/sessions/revoke-others"): "revokeOtherSessions",
        }

    async def test_the_types_are_those_of_the_wire(self, described: dict[str, Any]) -> None:
        schemas = described["components"]["schemas"]
        link = schemas["LinkRequest"]
        assert set(link["required"]) == {"organizationId", "mode", "returnUrl", "refreshUrl"}
        assert link["properties"]["force"] == {"type": "boolean", "default": False}
        operation = described["paths"][f"{CONNECT}/refresh-link"]["post"]
        assert "requestBody" not in operation
        reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        envelope = schemas[reference.rpartition("/")[2]]
        assert set(envelope["properties"]) == {"success", "data"}
        assert "onboardingUrl" in json.dumps(schemas)
        assert {"400", "401", "404", "429", "503"} <= operation["responses"].keys()

    async def test_each_operation_shows_an_example_of_everything(
        self, described: dict[str, Any]
    ) -> None:
        operations = [one for item in described["paths"].values() for one in item.values()]
        for operation in operations:
            parts = list(operation["responses"].values())
            parts += [operation["requestBody"]] if "requestBody" in operation else []
            for part in parts:
                shown = part.get("content", {}).get("application/json")
                assert shown is None or shown["examples"], operation["operationId"]
            assert operation["summary"]
            assert operation["tags"]

    async def test_a_request_says_which_headers_it_takes(self, described: dict[str, Any]) -> None:
        for path, item in described["paths"].items():
            for method, operation in item.items():
                names = {row["name"] for row in operation.get("parameters", ())}
                is_ours = path.startswith("/v1/") and operation["security"] == [{"bearer": []}]
                assert ("Idempotency-Key" in names) == (is_ours and method != "get"), path
        wanted = described["paths"][f"{ACCOUNT}/requirements"]["get"]
        assert "Accept-Language" in {row["name"] for row in wanted["parameters"]}
        assert "Content-Language" in wanted["responses"]["200"]["headers"]
        limited = set(wanted["responses"]["200"]["headers"])
        assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= limited

    async def test_bodies_are_closed_to_unknown_fields(self, described: dict[str, Any]) -> None:
        for item in described["paths"].values():
            for operation in item.values():
                if "requestBody" in operation:
                    content = operation["requestBody"]["content"]["application/json"]
                    name = content["schema"]["$ref"].rpartition("/")[2]
                    assert described["components"]["schemas"][name]["additionalProperties"] is False

    async def test_every_reference_leads_somewhere(self, described: dict[str, Any]) -> None:
        for kind, name in re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(described)):
            assert name in described["components"][kind]
