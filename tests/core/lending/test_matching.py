"""Does a path mean one operation or none, whatever is written in it?"""

from dataclasses import replace
from itertools import pairwise
from string import ascii_letters, digits
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.catalogue import Match, all_operations, match_path
from aboard.core.lending.catalogue.matching import Matcher
from aboard.core.lending.operations import Operation
from aboard.core.lending.refusals import CallRefused, RefusalCode

OPERATIONS = all_operations()
ID_CHARACTERS = "ABCabc019_-."
PLAIN = {*ascii_letters, *digits, *"_.-"}
ids = st.text(ID_CHARACTERS, min_size=1, max_size=255).filter(lambda text: text.strip(".") != "")


def refused(method: str, path: str) -> RefusalCode:
    with pytest.raises(CallRefused) as caught:
        match_path(method, path)
    return caught.value.code


def filled(operation: Operation, values: list[str]) -> tuple[str, dict[str, str]]:
    """Return a path with plain values in its braces, and which stands where."""
    arguments: dict[str, str] = {}
    segments: list[str] = []
    for segment in operation.path.split("/"):
        if segment.startswith("{"):
            arguments[segment[1:-1]] = values[len(arguments)]
            segments.append(values[len(arguments) - 1])
        else:
            segments.append(segment)
    return "/".join(segments), arguments


@given(st.sampled_from(OPERATIONS), st.lists(ids, min_size=2, max_size=2))
def test_every_template_means_its_own_operation(operation: Operation, values: list[str]) -> None:
    path, arguments = filled(operation, values)
    assert match_path(operation.method, path) == Match(operation, arguments)


@given(st.sampled_from(OPERATIONS), st.lists(ids, min_size=2, max_size=2), ids)
def test_a_segment_more_or_less_never_means_the_same(
    operation: Operation, values: list[str], more: str
) -> None:
    path, _ = filled(operation, values)
    for other in (f"{path}/{more}", path.rpartition("/")[0], f"/{more}{path}"):
        for method in ("GET", "POST", "DELETE"):
            try:
                found = match_path(method, other)
            except CallRefused:
                continue
            assert found.operation is not operation


@given(st.text(max_size=300), st.sampled_from(["GET", "POST", "DELETE", "PUT", "get", ""]))
def test_any_text_is_matched_or_refused(path: str, method: str) -> None:
    try:
        match = match_path(method, f"/v1/accounts/{path}")
    except CallRefused:
        return
    for value in match.arguments.values():
        assert {*value} <= PLAIN
        assert value.strip(".")


UNKNOWN = [
    "",
    "/",
    "//",
    "/v1",
    "/v1/",
    "/v1/accounts/",
    "/v1//accounts",
    "//v1/accounts",
    "/v1/accounts//persons",
    "/v1/accounts/acct_1/persons/",
    "/v1/accounts/acct_1/../acct_2",
    "/v1/accounts/..",
    "/v1/accounts/.",
    "/v1/accounts/...",
    "/v1/accounts/%2e%2e",
    "/v1/accounts/%2E",
    "/v1/accounts/.%2e/balance",
    "/v1/accounts/acct_1%2fpersons",
    "/v1/accounts/acct_1%2Fpersons",
    "/v1/accounts/acct_1%252fpersons",
    "/v1/accounts/acct_1%5cpersons",
    "/v1/accounts/acct_1\\persons",
    "/v1/accounts/acct_1%00",
    "/v1/accounts/acct_1\0",
    "/v1/accounts/acct_1\n",
    "/v1/accounts/acct_1%0a",
    "/v1/accounts/acct_1;x=1",
    "/v1/accounts/acct_1?expand[]=x",
    "/v1/accounts/acct_1#x",
    "/v1/accounts/acct_1%3fx",
    "/v1/accounts/acct_1%20",
    "/v1/accounts/acct_1 ",
    "/v1/accounts/%",
    "/v1/accounts/%4",
    "/v1/accounts/%zz",
    "/v1/accounts/acct_%C3%A9",
    "/v1/accounts/acct_é",
    "/v1/accounts/acct_%ff",
    "/v1/accounts/\uff0a",
    "/v1/accounts/{account}",
    "/v1/accounts/" + "a" * 256,
    "/v1/accounts/" + "%61" * 256,
    "/v1/accounts/acct_1/" * 1000,
    "/v1/%61ccounts",
    "/v1%2faccounts",
    "/V1/accounts",
    "/v1/Accounts",
    "/v1/accounts.json",
    "/v1/account/acct_1",
    "/v3/accounts",
    "/v2/accounts",
    "/v1/core/accounts",
    "/v1/customers",
    "/v1/charges",
    "/v1/accounts/acct_1/bank_accounts",
    "/v1/oauth/token",
    "/oauth/token",
    "v1/accounts",
    "http://api.stripe.com/v1/accounts",
    "/http://api.stripe.com/v1/accounts",
    "api.stripe.com:443",
    "*",
]


@pytest.mark.parametrize("path", UNKNOWN, ids=[quote(path[:40]) or "empty" for path in UNKNOWN])
def test_what_is_no_path_of_stripes_is_refused(path: str) -> None:
    for method in ("GET", "POST", "DELETE", "CONNECT"):
        assert refused(method, path) is RefusalCode.OPERATION_UNKNOWN


@pytest.mark.parametrize("method", ["PUT", "PATCH", "HEAD", "OPTIONS", "get", "", "DELETE", "GET "])
def test_another_method_is_told_which_there_are(method: str) -> None:
    with pytest.raises(CallRefused) as caught:
        match_path(method, "/v1/accounts")
    assert caught.value.code is RefusalCode.METHOD_NOT_ALLOWED
    assert caught.value.detail == "Allowed: GET, POST."


def test_an_escape_is_undone_once_and_in_arguments_alone() -> None:
    assert match_path("GET", "/v1/accounts/acct%5F1").arguments == {"account": "acct_1"}
    assert refused("GET", "/v1/accounts/acct%255F1") is RefusalCode.OPERATION_UNKNOWN


def test_the_longest_id_is_still_one() -> None:
    assert match_path("GET", "/v1/accounts/" + "a" * 255).arguments == {"account": "a" * 255}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/v1/accounts/{account}", "/v1/accounts/{id}"),
        ("/v1/accounts/{account}", "/v1/accounts/mine"),
        ("/v1/accounts/mine/persons", "/v1/accounts/{account}"),
    ],
)
def test_two_operations_of_one_path_cannot_both_be_known(first: str, second: str) -> None:

    one = next(each for each in OPERATIONS if each.id == "accounts.retrieve")
    with pytest.raises(ValueError, match=r"accounts\.retrieve"):
        Matcher([replace(one, path=first), replace(one, path=second)])


def test_the_operations_stand_in_order() -> None:
    assert all(one.namespace <= two.namespace for one, two in pairwise(OPERATIONS))
