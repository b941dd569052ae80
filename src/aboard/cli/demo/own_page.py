"""Does the owner's page open, and only once? A page link in a browser that nobody knows.

Source: docs/owner-pages.md, entering.
"""

from urllib.parse import urlsplit

from aboard.cli.demo.market.visitors import SHOP_NAME
from aboard.cli.demo.seller import Seller
from aboard.cli.demo.stage import Stage
from aboard.cli.demo.steps import Story
from aboard.core.links import BearerUrl
from aboard.sandbox.browser import SellerBrowser
from aboard.web.door import PAGE_COOKIE

_LOST = 400


async def open_own_page(stage: Stage, story: Story, seller: Seller, phone: SellerBrowser) -> None:
    """Open the seller's page by a link, on a `phone` that is signed in nowhere; then once more.

    Raises:
        StepDiffers: a step went another way than it should.
    """
    organization_id = seller.organization_id
    with story.step("A link opens their page, once") as step:
        answer = await stage.backend.ask_page_link(seller.token, organization_id)
        step.expect("status", answer.status, 200)
        link = BearerUrl(str(answer.body["url"]))
        step.expect("the link's origin", link.origin, stage.addresses.service)
        page = await phone.get(link.reveal())
        step.expect("status of the page", page.status, 200)
        path = f"/connect/organizations/{organization_id}/test"
        step.expect("where it ends", urlsplit(page.address).path, path)
        step.require("the page names the shop", holds=SHOP_NAME in page.text)
        step.require("it says that payments work", holds="Payments work" in page.text)
        step.require("there is a session", holds=any(c.name == PAGE_COOKIE for c in phone.cookies))
        step.tell(f"{page.title}: Payments work")
    with story.step("Used again, it asks to sign in") as step:
        phone.cookies.clear()
        page = await phone.get(link.reveal())
        step.expect("status", page.status, _LOST)
        step.require("there is no session", holds=len(phone.cookies) == 0)
        page = await phone.follow("Sign in")
        step.expect("where it leads", urlsplit(page.address).path, "/connect/sign-in")
        step.expect("status of the sign-in page", page.status, 200)
        step.tell("400, no session; its one button leads to the sign-in page")
