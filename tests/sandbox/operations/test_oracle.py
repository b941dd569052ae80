"""Do answers and parameters agree with Stripe's own descriptions? Each difference has a reason."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from aboard.sandbox.testing import SandboxRefused, StripeSandbox
from tests.sandbox.operations.drive import Drive
from tests.sandbox.operations.oracle import (
    NAMES,
    differences,
    missing_of_example,
    needs_oracle,
    objects_in,
    operations,
    parameter_paths,
)

pytestmark = [pytest.mark.load, needs_oracle]

DIFFERENT = {
    "account.login_links: not described": "Stripe's real answers for Express accounts carry it.",
    "v2.core.event.related_object: not described": "Of each type of event by itself, in the SDK.",
}
_CARD = "charge.payment_method_details.card"
ABSENT = {
    "bank_account.customer": "Of customers' bank accounts; the sandbox has no customers.",
    "charge.refunds": "Not included unless it is expanded, since API version 2022-11-15.",
    **dict.fromkeys(
        (
            f"{_CARD}.authorization_code",
            f"{_CARD}.extended_authorization",
            f"{_CARD}.incremental_authorization",
            f"{_CARD}.multicapture",
            f"{_CARD}.network_token",
            f"{_CARD}.network_transaction_id",
            f"{_CARD}.overcapture",
            f"{_CARD}.regulated_status",
            f"{_CARD}.transaction_link_id",
        ),
        "Of card networks, which charges here, made for fees and transfers, know nothing of.",
    ),
    "refund.customer": "The sandbox has no customers.",
    "refund.customer_account": "The sandbox has no customers.",
    "refund.payment_method": "The sandbox has no payment methods.",
    "topup.metadata.order_id": "Somebody's own metadata in the example.",
}
NOT_TAKEN: dict[str, str] = {}


@pytest.fixture(scope="module")
def answered(stripe_sandbox_url: str) -> list[dict[str, Any]]:
    drive = Drive(StripeSandbox(stripe_sandbox_url, "sk_test_oracle"))
    drive.everything()
    found = [json.loads(answer.last_response.body) for answer in drive.answers]  # type: ignore[union-attr]  # top-level answers have one
    events = drive.sandbox.events()
    return [thing for answer in (*found, *events) for thing in objects_in(answer)]


def test_every_object_was_seen(answered: list[dict[str, Any]]) -> None:
    assert {thing["object"] for thing in answered} >= set(NAMES) - {"application"}


def test_answers_have_the_described_keys_and_types(answered: list[dict[str, Any]]) -> None:
    assert {each for thing in answered for each in differences(thing)} == set(DIFFERENT)


def test_answers_have_what_the_examples_have(answered: list[dict[str, Any]]) -> None:
    seen: dict[str, set[str]] = {}
    for thing in answered:
        absent = set(missing_of_example(thing))
        name = thing["object"]
        seen[name] = absent & seen[name] if name in seen else absent
    assert set().union(*seen.values()) == set(ABSENT)


def test_a_difference_is_seen(answered: list[dict[str, Any]]) -> None:
    transfer = next(thing for thing in answered if thing["object"] == "transfer")
    wrong = {**transfer, "amount": "2000", "surprise": 1, "currency": None}
    del wrong["livemode"]
    assert set(differences(wrong)) == {
        "transfer.amount: no int",
        "transfer.currency: null",
        "transfer.livemode: missing",
        "transfer.surprise: not described",
    }
    assert set(missing_of_example(wrong)) == {"transfer.livemode"}


def described_operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for each in operations():
        if each["path"].startswith("/v1/"):
            yield each["method"], each["path"], each["params"]


def _plain(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_every_described_operation_is_there(stripe_sandbox: StripeSandbox) -> None:
    coverage = stripe_sandbox.get("/_sandbox/coverage")
    there = {(each["method"], _plain(each["path"])) for each in coverage["operations"]}
    assert {(method, _plain(path)) for method, path, _ in described_operations()} <= there


def _value(kind: str) -> str:
    known = {"bool": "true", "int": "1", "float": "1"}
    return kind[5:].split("|", maxsplit=1)[0] if kind.startswith("enum ") else known.get(kind, "x")


def test_every_described_parameter_is_taken(stripe_sandbox: StripeSandbox) -> None:
    refused = set()
    for method, path, params in described_operations():
        if path == "/v1/files" and method == "POST":
            continue  # multipart: driven with the SDK
        address = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
        for name, kind in parameter_paths(params):
            error: dict[str, Any] = {}
            try:
                stripe_sandbox.request(method, address, {name: _value(kind)})
            except SandboxRefused as refusal:
                error = refusal.error
            if error.get("code") == "parameter_unknown" and error.get("param") == name:
                refused.add(f"{method} {path} {name}")
    assert refused == set(NOT_TAKEN)


def test_parameters_that_nobody_described_are_not_taken(stripe_sandbox: StripeSandbox) -> None:
    taken = set()
    for method, path, params in described_operations():
        if path == "/v1/files" and method == "POST":
            continue  # as above
        address = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
        nested = [f"{name}[surprise]" for name, each in params.items() if each["type"] == "object"]
        for name in ("surprise", *nested):
            try:
                stripe_sandbox.request(method, address, {name: "x"})
                taken.add(f"{method} {path} {name}")
            except SandboxRefused as refusal:
                if refusal.error.get("code") != "parameter_unknown":
                    taken.add(f"{method} {path} {name}: {refusal.error}")
    assert taken == set()


def test_every_described_enumeration_is_taken_whole(stripe_sandbox: StripeSandbox) -> None:
    refused = set()
    for method, path, params in described_operations():
        address = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
        for name, kind in parameter_paths(params):
            words = kind[5:].split("|") if kind.startswith("enum ") else []
            for word in words if len(words) < 60 else ():
                try:
                    stripe_sandbox.request(method, address, {name: word})
                except SandboxRefused as refusal:
                    text = str(refusal.error.get("message"))
                    if refusal.error.get("param") == name and "must be one of" in text:
                        refused.add(f"{method} {path} {name} {word}")
    assert refused == set()
