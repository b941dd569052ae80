"""Is the control, which needs no key, out of reach for pages of other sites?"""

import pytest

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import Wire


@pytest.fixture
def inside(sandbox: Sandbox) -> Wire:
    """A wire without a key: the control needs none."""
    return Wire(sandbox, key=None)


class TestForeignPages:
    """The control needs no key: no page of another site may reach it."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://localhost:9999"},
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site", "origin": "http://localhost:9999"},
            {"sec_fetch_site": "cross-site", "origin": "http://localhost:12111"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    async def test_cannot_change_anything(
        self, inside: Wire, headers: dict[str, str], method: str
    ) -> None:
        path = "/_sandbox/clock" if method == "POST" else "/_sandbox/faults"
        now = inside.sandbox.clock.unix()
        form = {"advance": "60"} if method == "POST" else None
        answer = await inside.send(method, path, form, host="localhost:12111", **headers)
        assert answer.status == 403
        assert inside.sandbox.clock.unix() == now

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "http://localhost:12111"},
            {"sec_fetch_site": "same-origin", "origin": "http://localhost:12111"},
            {"sec_fetch_site": "none"},
        ],
        ids=str,
    )
    async def test_its_own_can(self, inside: Wire, headers: dict[str, str]) -> None:
        form = {"advance": "60"}
        answer = await inside.send(
            "POST", "/_sandbox/clock", form, host="localhost:12111", **headers
        )
        assert answer.status == 200

    async def test_cannot_read_anything(self, inside: Wire) -> None:
        answer = await inside.send("GET", "/_sandbox/worlds", origin="https://evil.example")
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"

    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("evil.example:12111", 403),
            ("127.0.0.1.evil.example", 403),
            ("localhost:12111", 200),
            ("127.0.0.1:12111", 200),
            ("[::1]:12111", 200),
            ("sandbox:12111", 200),
            ("stripe.localhost:12111", 200),
        ],
    )
    async def test_a_name_pointed_at_it_is_not_its_own(
        self, inside: Wire, host: str, status: int
    ) -> None:
        for method, path in (("GET", "/_sandbox/worlds"), ("POST", "/_sandbox/reset")):
            answer = await inside.send(method, path, host=host, sec_fetch_site="same-origin")
            assert answer.status == status

    async def test_the_hosted_name_is_its_own(self) -> None:
        inside = Wire(Sandbox(hosted_url="https://sandbox.example"), key=None)
        answer = await inside.send(
            "GET", "/_sandbox/worlds", host="sandbox.example", sec_fetch_site="same-origin"
        )
        assert answer.status == 200
