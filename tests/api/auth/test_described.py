"""Do the answers of signing in keep the word of the description, where people sign in?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.api.auth.examples import SHOWCASE
from tests.api.asking import Desk
from tests.api.auth.house import House
from tests.api.test_described import A_FEW, compare, operations


@pytest.fixture
async def ready(house: House) -> Desk:
    browser = await house.browser()
    await browser.register()
    return Desk(house.scene, browser.client)


@pytest.mark.parametrize("name", sorted(SHOWCASE.operations))
@A_FEW
@given(data=st.data())
async def test_the_answers_are_as_described(ready: Desk, name: str, data: st.DataObject) -> None:
    description = (await ready.ask("GET", "/openapi.json", user=None)).text
    await compare(ready, operations(description)[name], data)
