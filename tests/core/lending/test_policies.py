"""A policy file says what it says, and every mistake in it is named with its line and word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.callers import CallLimits
from aboard.core.lending.grants import Grant
from aboard.core.lending.operations import Verb
from aboard.core.lending.policies import read_policies
from aboard.core.owner import Mode

FILE = """
[policies.reader]
test = ["*:read"]
live = ["accounts:read"]
per_second = 5

[policies.shop]
extends = "reader"
test = [
  "account_links:create",
  "v2.core.accounts:create",
]
per_day = 5000

[policies.batch]
extends = "shop"
per_second = "unlimited"
"""
NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)
WORDS = st.builds(
    lambda resource, verb: f"{resource}:{verb}",
    st.from_regex(r"(\*|[a-z][a-z0-9_.]{0,12})", fullmatch=True),
    st.sampled_from(["*", *Verb]),
)


def test_what_is_extended_is_taken_in() -> None:
    file = read_policies(FILE)
    assert file.problems == ()
    reader, shop, batch = (file.policies[name] for name in ("reader", "shop", "batch"))
    assert reader.limits == CallLimits(5, None)
    assert shop.limits == CallLimits(5, 5000)
    assert batch.limits == CallLimits(None, 5000)
    assert shop.allow_list.words(Mode.TEST) == (
        "*:read",
        "account_links:create",
        "v2.core.accounts:create",
    )
    assert batch.allow_list == shop.allow_list
    assert batch.allow_list.words(Mode.LIVE) == ("accounts:read",)


def test_nothing_is_nothing() -> None:
    assert read_policies("").policies == {}
    empty = read_policies("[policies.none]\n").policies["none"]
    assert empty.allow_list.words(Mode.TEST) == ()
    assert empty.limits == CallLimits()


@pytest.mark.parametrize(
    ("text", "line", "place", "word"),
    [
        ("[policies.a]\ntest = [", 2, "the file", ""),
        ("policies = 3", 1, "policies", "policies"),
        ("polices = 3", 1, "polices", "polices"),
        ("[policies.a]\nlive = []\ntests = []", 3, "policies.a.tests", "tests"),
        ("[policies.a]\ntest = 'accounts:read'", 2, "policies.a.test", ""),
        ("[policies.a]\ntest = [1]", 2, "policies.a.test", ""),
        ("[policies.a]\ntest = ['accounts']", 2, "policies.a.test", "accounts"),
        ("[policies.a]\ntest = ['accounts:reed']", 2, "policies.a.test", "accounts:reed"),
        (
            "[policies.b]\ntest = ['x:y']\n[policies.a]\ntest = [\n'a:read',\n'x:y',\n]",
            2,
            "policies.b.test",
            "x:y",
        ),
        ("[policies.a]\n\nextends = 'b'", 3, "policies.a.extends", "b"),
        ("[policies.a]\nextends = ['b']", 2, "policies.a.extends", "extends"),
        ("[policies.a]\nextends = 'a'", 2, "policies.a.extends", "a"),
        ("[policies.a]\nper_second = 0", 2, "policies.a.per_second", "per_second"),
        ("[policies.a]\nper_second = 1.5", 2, "policies.a.per_second", "per_second"),
        ("[policies.a]\nper_day = true", 2, "policies.a.per_day", "per_day"),
        ("[policies.a]\nper_day = 'many'", 2, "policies.a.per_day", "per_day"),
        ("[policies.'A b']\n", None, "policies.A b", "A b"),
        ("[policies]\na = 3", None, "policies.a", "a"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_word(
    text: str, line: int | None, place: str, word: str
) -> None:
    problem = read_policies(text).problems[0]
    assert (problem.line, problem.place, problem.word) == (line, place, word)
    assert problem.told
    if line is not None:
        assert str(problem).startswith(f"line {line}: {place}")


def test_each_word_of_a_list_has_its_own_line() -> None:
    text = (
        '[policies.a]\ntest = [\n  "accounts:read",\n  "x",\n  "y",\n]\n[policies.b]\ntest = ["x"]'
    )
    found = [(each.line, each.word) for each in read_policies(text).problems]
    assert found == [(4, "x"), (5, "y"), (8, "x")]


def test_a_ring_is_named_where_it_closes_and_nobody_in_it_is_a_policy() -> None:
    file = read_policies(
        "[policies.a]\nextends = 'b'\n[policies.b]\nextends = 'c'\n[policies.c]\nextends = 'b'\n"
        "[policies.d]\ntest = ['*:read']"
    )
    assert [each.place for each in file.problems] == ["policies.b.extends", "policies.c.extends"]
    assert list(file.policies) == ["d"]


def test_whoever_extends_what_is_broken_is_not_there_either() -> None:
    file = read_policies("[policies.a]\nextends = 'b'\n[policies.b]\ntest = ['x']")
    assert file.policies == {}
    assert [each.place for each in file.problems] == ["policies.b.test"]


def test_a_file_without_an_end_is_not_read() -> None:
    assert read_policies("#" * 1_000_001).problems[0].told == "is longer than 1 MB"
    assert read_policies("a = " + "[" * 50_000).problems


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    file = read_policies(text)
    assert file.problems or set(file.policies) <= set(file.written)


@given(
    st.dictionaries(
        NAMES,
        st.fixed_dictionaries(
            {},
            optional={
                "test": st.lists(WORDS, max_size=5),
                "live": st.lists(WORDS, max_size=5),
                "per_day": st.integers(1, 10**9),
            },
        ),
        max_size=5,
    )
)
def test_what_was_written_is_what_is_read(policies: dict[str, dict[str, object]]) -> None:
    text = "".join(
        f"[policies.{name}]\n" + "".join(f"{key} = {value!r}\n" for key, value in table.items())
        for name, table in policies.items()
    )
    file = read_policies(text)
    assert file.problems == ()
    assert file.policies.keys() == policies.keys()
    for name, table in policies.items():
        for mode in Mode:
            words = table.get(mode.value, [])
            assert isinstance(words, list)
            grants = file.policies[name].allow_list.grants[mode]
            assert grants == {Grant.parse(word) for word in words}


@given(st.lists(NAMES, min_size=2, max_size=6, unique=True), st.data())
def test_a_chain_takes_in_every_link(names: list[str], data: st.DataObject) -> None:
    words = {name: data.draw(st.lists(WORDS, max_size=3)) for name in names}
    text = "".join(
        f"[policies.{name}]\ntest = {words[name]!r}\n"
        + (f"extends = {names[number - 1]!r}\n" if number else "")
        for number, name in enumerate(names)
    )
    file = read_policies(text)
    assert file.problems == ()
    for number, name in enumerate(names):
        expected = {word for each in names[: number + 1] for word in words[each]}
        assert set(file.policies[name].allow_list.words(Mode.TEST)) == expected
