"""Is the catalogue whole, consistent with itself, and quick to read?"""

import re
import subprocess
import sys
from collections.abc import Iterator
from time import process_time

import pytest

from aboard.core.lending.catalogue import (
    all_operations,
    api_version,
    find_operation,
    search_operations,
)
from aboard.core.lending.catalogue.reading import read_operations
from aboard.core.lending.grants import Grant
from aboard.core.lending.operations import (
    AccountPlace,
    BodyKind,
    Generation,
    Kind,
    Operation,
    Parameter,
    Place,
    Shape,
    Verb,
)
from aboard.core.owner import Mode
from tests.house.tree import SOURCE, kept

OPERATIONS = all_operations()
IDS = [operation.id for operation in OPERATIONS]
TOOL = re.compile(r"[a-z][a-z0-9_]*\Z")


def within(parameters: tuple[Parameter, ...], way: str) -> Iterator[tuple[str, Parameter]]:
    for each in parameters:
        yield f"{way}.{each.name}", each
        for shape in shapes(each.shape):
            yield from within(shape.members, f"{way}.{each.name}")


def shapes(shape: Shape) -> Iterator[Shape]:
    yield shape
    for inner in (*shape.others, *([shape.items] if shape.items else ())):
        yield from shapes(inner)


EVERYTHING = [pair for each in OPERATIONS for pair in within(each.parameters, each.id)]


def test_there_are_as_many_as_stripe_has_for_connect() -> None:
    assert len(OPERATIONS) == 104
    assert len({*IDS}) == 104
    assert len({(each.method, each.path) for each in OPERATIONS}) == 104
    assert api_version() == "2026-10-28.endive"


def test_an_operation_is_found_by_its_id_alone() -> None:
    for operation in OPERATIONS:
        assert find_operation(operation.id) is operation
    assert find_operation("account_links.destroy") is None
    assert find_operation("") is None


def test_everything_is_described_at_every_depth() -> None:
    assert len(EVERYTHING) > 3000
    assert [way for way, each in EVERYTHING if not each.description.endswith(".")] == []
    for operation in OPERATIONS:
        assert operation.summary
        assert operation.description.endswith(".")


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_an_operation_is_consistent_with_itself(operation: Operation) -> None:
    assert TOOL.match(operation.namespace)
    assert TOOL.match(operation.name)
    assert operation.path.startswith(f"/{operation.generation}/")
    assert Grant.parse(operation.grant).lets(operation, Mode.LIVE)
    assert operation.is_write is (operation.method != "GET")
    named = re.findall(r"{(\w+)}", operation.path)
    in_path = [each for each in operation.parameters if each.place is Place.PATH]
    assert [each.name for each in in_path] == named
    assert all(each.is_required for each in in_path)
    names = [each.name for each in operation.parameters]
    assert len({*names}) == len(names)
    assert (operation.body is BodyKind.NONE) is (operation.method != "POST")
    in_body = [each for each in operation.parameters if each.place is Place.BODY]
    assert not in_body or operation.body is not BodyKind.NONE


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_a_body_is_written_as_its_generation_writes(operation: Operation) -> None:
    kinds = {
        Generation.V1: {BodyKind.NONE, BodyKind.FORM, BodyKind.MULTIPART},
        Generation.V2: {BodyKind.NONE, BodyKind.JSON},
    }
    assert operation.body in kinds[operation.generation]
    assert (operation.body is BodyKind.MULTIPART) is (operation.id == "files.create")


def test_every_shape_says_what_is_in_it() -> None:
    for way, each in EVERYTHING:
        for shape in shapes(each.shape):
            assert bool(shape.items) is (shape.kind in {Kind.ARRAY, Kind.MAP}), way
            assert bool(shape.members) <= (shape.kind is Kind.OBJECT), way
            assert bool(shape.enum) <= (shape.kind is Kind.STRING), way


@pytest.mark.parametrize(
    ("operation_id", "verb", "grant"),
    [
        ("accounts.reject", Verb.UPDATE, "accounts:update"),
        ("accounts.retrieve_current", Verb.READ, "accounts:read"),
        ("payouts.cancel", Verb.UPDATE, "payouts:update"),
        ("login_links.create", Verb.CREATE, "login_links:create"),
        ("persons.delete", Verb.DELETE, "persons:delete"),
        ("v2_core_accounts.close", Verb.UPDATE, "v2.core.accounts:update"),
        ("v2_core_account_links.create", Verb.CREATE, "v2.core.account_links:create"),
    ],
)
def test_a_verb_says_what_is_done(operation_id: str, verb: Verb, grant: str) -> None:
    operation = find_operation(operation_id)
    assert operation is not None
    assert (operation.verb, operation.grant) == (verb, grant)


@pytest.mark.parametrize(
    ("operation_id", "places"),
    [
        ("accounts.update", {AccountPlace(Place.PATH, "account")}),
        ("v2_core_accounts.close", {AccountPlace(Place.PATH, "id")}),
        ("v2_core_account_persons.create", {AccountPlace(Place.PATH, "account_id")}),
        ("account_links.create", {AccountPlace(Place.BODY, "account")}),
        ("account_sessions.create", {AccountPlace(Place.BODY, "account")}),
        ("transfers.create", {AccountPlace(Place.BODY, "destination")}),
        ("transfers.list", {AccountPlace(Place.QUERY, "destination")}),
        ("payouts.create", set()),
        ("tokens.create", set()),
        ("v2_core_account_tokens.retrieve", set()),
    ],
)
def test_it_is_known_where_a_call_names_an_account(
    operation_id: str, places: set[AccountPlace]
) -> None:
    operation = find_operation(operation_id)
    assert operation is not None
    headers = {
        AccountPlace(Place.HEADER, "Stripe-Account"),
        AccountPlace(Place.HEADER, "Stripe-Context"),
    }
    assert {*operation.accounts} == headers | places


def test_an_account_is_named_by_a_plain_string_wherever_it_is_named() -> None:
    for operation in OPERATIONS:
        for place in operation.accounts:
            if place.place is not Place.HEADER:
                (found,) = (each for each in operation.parameters if each.name == place.name)
                assert (found.place, found.shape.kind) == (place.place, Kind.STRING)


def test_no_parameter_that_is_called_account_is_overlooked() -> None:
    named = {
        (operation.id, each.name)
        for operation in OPERATIONS
        for each in operation.parameters
        if each.shape.kind is Kind.STRING and re.search(r"account(_id)?\Z|on_behalf_of", each.name)
    }
    known = {(each.id, place.name) for each in OPERATIONS for place in each.accounts}
    assert named - known == {  # a bank account or a card, or a token of one
        ("accounts.create", "external_account"),
        ("accounts.update", "external_account"),
        ("external_accounts.create", "external_account"),
    }


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("login", "login_links.create"),
        ("account link", "account_links.create"),
        ("onboarding", "account_links.create"),
        ("Reject", "accounts.reject"),
        ("refund fee", "fee_refunds.list"),
        ("v2 close", "v2_core_accounts.close"),
        ("/v1/topups cancel", "topups.cancel"),
    ],
)
def test_a_search_finds_what_is_meant(query: str, first: str) -> None:
    assert search_operations(query)[0].id == first


@pytest.mark.parametrize("query", ["", "  ", "%%%", "zebra", "account zebra", "\0", "é" * 10000])
def test_a_search_for_nothing_finds_nothing(query: str) -> None:
    assert [*search_operations(query)] == []


def test_a_search_answers_with_no_more_than_was_asked_for() -> None:
    assert len(search_operations("account", 3)) == 3
    assert len(search_operations("s " * 5000)) <= 20


def test_nothing_is_read_before_it_is_asked_for() -> None:
    script = (
        "import sys, aboard.core.lending.catalogue as it\n"
        "before = it._catalogue.cache_info().currsize\n"
        "it.match_path('GET', '/v1/balance')\n"
        "print(before, it._catalogue.cache_info().currsize)"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["0", "1"]


def test_it_is_small_and_read_in_a_moment() -> None:
    sizes = [path.stat().st_size for path in kept(SOURCE / "core/lending/catalogue", ".json")]
    assert len(sizes) == len({each.namespace for each in OPERATIONS}) + 1  # and the shared shapes
    assert sum(sizes) < 300_000
    began = process_time()
    read_operations()
    assert process_time() - began < 0.15  # about 0.016 on the machine that it was written on
