"""What a restricted key needs is what the operations need that pass, and nothing beyond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.grants import DEFAULT, AllowList
from aboard.core.lending.operations import UNKNOWN_PERMISSION
from aboard.core.lending.permissions import NeededPermissions, needed_permissions
from aboard.core.owner import Mode

OPERATIONS = all_operations()
WORDS = sorted({str(each.grant) for each in OPERATIONS} | {"*:read", "*:*", "accounts:*"})


def needed(*words: str, mode: Mode = Mode.TEST) -> NeededPermissions:
    return needed_permissions(AllowList.parse({mode: words}), mode, OPERATIONS)


@pytest.mark.parametrize(
    ("words", "names", "unknown"),
    [
        ((), (), ()),
        (("account_links:create",), ("account_link_write",), ()),
        (("account_sessions:create",), (), ("account_sessions",)),
        (("transfers:read",), ("transfer_read",), ()),
        (("transfers:read", "transfers:create"), ("transfer_write",), ()),
        (("persons:read",), ("connected_account_read?",), ()),
        (("persons:read", "accounts:read"), ("connected_account_read",), ()),
        (("persons:read", "accounts:update"), ("connected_account_write",), ()),
        (
            ("persons:create", "accounts:read"),
            ("connected_account_read", "connected_account_write?"),
            (),
        ),
    ],
)
def test_the_names_are_those_of_what_passes(
    words: tuple[str, ...], names: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    assert needed(*words) == NeededPermissions(names, unknown)


def test_in_live_mode_a_wildcard_needs_no_permission_to_write() -> None:
    assert needed("*:*", mode=Mode.LIVE) == needed_permissions(DEFAULT, Mode.LIVE, OPERATIONS)


@given(st.sets(st.sampled_from(WORDS)))
def test_whatever_passes_is_permitted_and_nothing_is_asked_for_in_vain(words: set[str]) -> None:
    allow_list = AllowList.parse({Mode.TEST: words})
    found = needed(*words)
    passed = [each for each in OPERATIONS if allow_list.find_grant(each, Mode.TEST)]
    for each in passed:
        if each.permission == UNKNOWN_PERMISSION:
            assert each.resource in found.unknown
            continue
        plain = each.permission.removesuffix("?")
        enough = {each.permission, plain, plain.replace("_read", "_write")}
        enough |= {each.permission.replace("_read", "_write")}
        assert enough & set(found.names)
    assert set(found.names) <= {each.permission for each in passed}
    reads = [name for name in found.names if "_read" in name]
    assert not {name.replace("_read", "_write") for name in reads} & set(found.names)
