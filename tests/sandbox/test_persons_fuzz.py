"""Whatever is said of a person: is it written whole or not at all, and told as it was?"""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.sandbox import Sandbox
from aboard.sandbox.v1.person_params import PERSON
from tests.sandbox.conftest import KEY, NOW, Wire
from tests.sandbox.test_fuzz import check, encode

ROUNDS = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
INNER = {
    "additional_tos_acceptances": [["account", "date"], ["account", "ip"], ["account"]],
    "address": [["city"], ["country"], ["line1"], ["town"], []],
    "address_kana": [["town"], ["country"]],
    "dob": [["day"], ["month"], ["year"], []],
    "documents": [["passport", "files", ""], ["passport", "files", "0"], ["passport"]],
    "full_name_aliases": [[""], ["0"], ["1"], []],
    "metadata": [["a"], ["b"], ["k" * 41], [""], []],
    "relationship": [
        ["owner"],
        ["representative"],
        ["percent_ownership"],
        ["legal_guardian"],
        ["title"],
        [],
    ],
    "us_cfpb_data": [
        ["race_details", "race", ""],
        ["ethnicity_details", "ethnicity_other"],
        ["self_identified_gender"],
    ],
    "verification": [["document", "front"], ["additional_document", "back"], ["document"]],
}
VALUES = [
    *("", "true", "false", "1", "31", "12", "1990", "-1", "100", "100.5", "US", "XX", "none"),
    *("white", "0000", "000000000", "0000000000", "a@example.com", "Grace", "ü", "\x00"),
    "file_identity_document_success",
]


@st.composite
def field(draw: st.DrawFn) -> tuple[str, list[str], str]:
    name = draw(st.sampled_from([*PERSON, "surprise"]))
    inner = draw(st.sampled_from(INNER.get(name, [[], [], [], ["x"]])))
    value = draw(st.one_of(st.sampled_from(VALUES), st.text(max_size=12)))
    return name, inner, value


forms = st.lists(st.lists(field(), max_size=5), min_size=1, max_size=4)
business_type = st.sampled_from(["", "company", "individual", "non_profit"])
country = st.sampled_from(["US", "DE", "JP", "GB"])


async def world(kind: str, country: str) -> tuple[Wire, str]:
    wire = Wire(Sandbox(seed=1, at=NOW), KEY)
    form = {"type": "custom", "country": country, "capabilities[transfers][requested]": "true"}
    if kind:
        form["business_type"] = kind
    made = await wire.send("POST", "/v1/accounts", form)
    return wire, f"/v1/accounts/{made.json['id']}"


@ROUNDS
@given(kind=business_type, country=country, said=forms)
def test_whole_or_not_at_all(
    kind: str, country: str, said: list[list[tuple[str, list[str], str]]]
) -> None:
    async def run() -> None:
        wire, account = await world(kind, country)
        path = f"{account}/persons"
        for fields in said:
            before = await everything(wire, account)
            answer = await wire.send("POST", path, encode(fields))
            check(answer)
            if answer.status == 200:
                path = f"{account}/persons/{answer.json['id']}"
                assert (await wire.send("GET", path)).json == answer.json
            else:
                assert await everything(wire, account) == before

    asyncio.run(run())


async def everything(wire: Wire, account: str) -> list[bytes]:
    tails = ("", "/persons", "/capabilities")
    found = [(await wire.send("GET", f"{account}{tail}")).body for tail in tails]
    account_id = account.rpartition("/")[2]
    return [*found, (await wire.send("GET", "/v1/events", stripe_account=account_id)).body]


def restored(after: Any, previous: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what was before, from what is now and what an event says has changed."""
    if not (isinstance(after, dict) and isinstance(previous, dict)):
        return previous
    found = dict(after)
    for key, old in previous.items():
        found[key] = restored(after.get(key), old)
    return found


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}


@ROUNDS
@given(kind=business_type, said=forms)
def test_events_say_what_was_before(
    kind: str, said: list[list[tuple[str, list[str], str]]]
) -> None:
    async def run() -> None:
        wire, account = await world(kind, "US")
        made = await wire.send("POST", f"{account}/persons", {"first_name": "Grace"})
        person = f"{account}/persons/{made.json['id']}"
        for fields in said:
            was = {path: (await wire.send("GET", path)).json for path in (account, person)}
            seen = await told(wire, account)
            await wire.send("POST", person, encode(fields))
            for event in (await told(wire, account))[len(seen) :]:
                data = event["data"]
                place = {"account": account, "person": person}.get(data["object"]["object"])
                if place is None or not event["type"].endswith(".updated"):
                    continue
                assert data["object"] == (await wire.send("GET", place)).json
                before = restored(data["object"], data["previous_attributes"])
                assert without_nulls(before) == without_nulls(was[place])

    asyncio.run(run())


async def told(wire: Wire, account: str) -> list[dict[str, Any]]:
    account_id = account.rpartition("/")[2]
    answer = await wire.send("GET", "/v1/events?limit=100", stripe_account=account_id)
    found: list[dict[str, Any]] = answer.json["data"][::-1]
    return found
