"""Would nginx take the example, and does it do with an event what may be done with one?"""

from typing import Any

import crossplane  # type: ignore[import-untyped] # ships no types

from tests.house.tree import ROOT

PATH = ROOT / "deploy" / "nginx.conf"


def parsed() -> list[dict[str, Any]]:
    """Return the directives; crossplane knows which are allowed where, and with how many words."""
    payload = crossplane.parse(str(PATH), strict=True, catch_errors=False)
    directives: list[dict[str, Any]] = payload["config"][0]["parsed"]
    return directives


def blocks(directives: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    found = [each for each in directives if each["directive"] == name]
    for each in directives:
        found += blocks(each.get("block", []), name)
    return found


def told(directives: list[dict[str, Any]], name: str) -> list[list[str]]:
    return [each["args"] for each in blocks(directives, name)]


def test_nginx_knows_every_directive() -> None:
    assert told(parsed(), "listen") == [["4240"]]
    assert len(told(parsed(), "server")) == 3


def test_only_events_are_sent_twice() -> None:
    for location in blocks(parsed(), "location"):
        ((*conditions,),) = told(location["block"], "proxy_next_upstream") or [[]]
        is_intake = location["args"][-1] == "/v1/webhooks/"
        assert ("non_idempotent" in conditions) == is_intake, location["args"]


def test_the_callers_address_is_replaced_and_no_address_is_logged() -> None:
    headers = dict(told(parsed(), "proxy_set_header"))
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert told(parsed(), "access_log") == [["off"]]
