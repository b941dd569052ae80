"""Who clicks through the pages in a test? A seller with a browser, for tests that do not await."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from aboard.sandbox.browser import Form, HttpFetch, Page, SellerBrowser, walk_onboarding

T = TypeVar("T")


class Seller:
    """A person with a browser without a screen, on its own thread.

    It reaches the sandbox and the origins it is told (`reach`). A redirect to any other place is
    not followed: `page.location` tells where it would have gone.
    """

    def __init__(self, *origins: str) -> None:
        """Open a private window that reaches these origins."""
        self._origins = {origin.rstrip("/") for origin in origins}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="aboard-seller", daemon=True
        )
        self._thread.start()
        self._browser = self._open()

    def _open(self) -> SellerBrowser:
        return SellerBrowser(fetch=HttpFetch(), origins=self._origins)

    def _run(self, task: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return asyncio.run_coroutine_threadsafe(task(), self._loop).result()

    @property
    def page(self) -> Page | None:
        """Return the page that is open."""
        return self._browser.page

    def reach(self, origin: str) -> None:
        """Let the browser open this origin as well: the platform's own pages."""
        cookies = self._browser.cookies
        self._origins.add(origin.rstrip("/"))
        self._run(self._browser.close)
        self._browser = self._open()
        self._browser.cookies = cookies

    def onboard(
        self,
        url: str,
        values: Mapping[str, str] | None = None,
        *,
        country: str = "US",
        people: Sequence[Mapping[str, str]] = (),
    ) -> str:
        """Open an account link, answer everything, finish; return the address it ended at.

        `values` go by requirement path and win over the test data: `business_type`,
        `individual.id_number`. `country` says whose test data. `people` are listed beside the
        representative: `{"role": "owner", "first_name": "Ada"}`.

        Raises:
            WalkStuck: the form would not let the seller on.
        """
        return self._run(
            lambda: walk_onboarding(self._browser, url, values, country=country, people=people)
        )

    def get(self, url: str) -> Page:
        """Open an address."""
        return self._run(lambda: self._browser.get(url))

    def follow(self, words: str) -> Page:
        """Click the link with these words."""
        return self._run(lambda: self._browser.follow(words))

    def submit(
        self, form: Form, values: Mapping[str, str] | None = None, *, button: str | None = None
    ) -> Page:
        """Fill in a form of the page and send it."""
        return self._run(lambda: self._browser.submit(form, values, button=button))

    def reload(self) -> Page:
        """Ask for the current address again."""
        return self._run(self._browser.reload)

    def close(self) -> None:
        """Close the window and end its thread."""
        self._run(self._browser.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
