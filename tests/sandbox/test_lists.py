"""Are many shown in pages, newest first?"""

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import EXPRESS, Wire, free


class TestLists:
    async def test_pages_newest_first(self, sdk: stripe.StripeClient) -> None:
        made = [(await sdk.v1.accounts.create_async(EXPRESS)).id for _ in range(7)]
        first = await sdk.v1.accounts.list_async({"limit": 3})
        assert [a.id for a in first.data] == made[:3:-1]
        assert first.has_more
        assert first.url == "/v1/accounts"
        rest = await sdk.v1.accounts.list_async({"limit": 10, "starting_after": made[4]})
        assert [a.id for a in rest.data] == made[3::-1]
        assert not rest.has_more
        back = await sdk.v1.accounts.list_async({"limit": 2, "ending_before": made[3]})
        assert [a.id for a in back.data] == [made[5], made[4]]
        assert back.has_more
        assert [a.id async for a in first.auto_paging_iter()] == made[::-1]

    async def test_default_is_ten(self, sdk: stripe.StripeClient) -> None:
        for _ in range(11):
            await sdk.v1.accounts.create_async(EXPRESS)
        assert len((await sdk.v1.accounts.list_async()).data) == 10

    async def test_deleted_ones_are_gone_and_cursors_stay(self, sdk: stripe.StripeClient) -> None:
        made = [(await sdk.v1.accounts.create_async(EXPRESS)).id for _ in range(3)]
        await sdk.v1.accounts.delete_async(made[1])
        assert [a.id for a in (await sdk.v1.accounts.list_async()).data] == [made[2], made[0]]

    @pytest.mark.parametrize(
        ("query", "code", "param"),
        [
            ("limit=0", "parameter_invalid_integer", "limit"),
            ("limit=101", "parameter_invalid_integer", "limit"),
            ("limit=many", "parameter_invalid_integer", "limit"),
            ("starting_after=acct_nobody", "resource_missing", "starting_after"),
            ("ending_before=acct_nobody", "resource_missing", "ending_before"),
            ("starting_after=a&ending_before=b", "parameters_exclusive", "starting_after"),
            ("created[since]=1", "parameter_unknown", "created[since]"),
        ],
    )
    async def test_refused(self, wire: Wire, query: str, code: str, param: str) -> None:
        answer = await wire.send("GET", f"/v1/accounts?{query}")
        assert answer.status == 400
        assert (answer.error["code"], answer.error["param"]) == (code, param)

    async def test_created_filter(self, sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
        made = []
        for _ in range(3):
            made.append(await sdk.v1.accounts.create_async(EXPRESS))
            sandbox.clock.advance(100)
        at = made[1].created
        assert at is not None
        cases = {
            (1,): {"gte": at, "lte": at},
            (2, 1): {"gte": at},
            (2,): {"gt": at},
            (0,): {"lt": at},
        }
        for places, bounds in cases.items():
            found = await sdk.v1.accounts.list_async(free({"created": bounds}))
            assert [a.id for a in found.data] == [made[place].id for place in places], bounds
        exact = await sdk.v1.accounts.list_async({"created": at})
        assert [a.id for a in exact.data] == [made[1].id]
