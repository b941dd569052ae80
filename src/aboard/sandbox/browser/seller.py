"""The browser itself: get, follow, submit; cookies and redirects as a real one does them."""

from collections.abc import Collection, Mapping
from typing import Self
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from aboard.sandbox.browser.cookies import CookieJar, is_loopback, site_of
from aboard.sandbox.browser.forms import Form, Link, Values, encode_parts
from aboard.sandbox.browser.page import Page
from aboard.sandbox.browser.transport import (
    AsgiApp,
    Fetch,
    HttpFetch,
    Reply,
    UnknownOrigin,
    fetch_from_app,
)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD = frozenset({307, 308})


class TooManyRedirects(RuntimeError):
    """The servers keep sending the browser on; it stopped at its limit."""


class SellerBrowser:
    """A person's browser that crosses origins, without a screen.

    Origins in `apps` are reached in this process; those in `origins`, or when it is left out every
    loopback origin, by `fetch`, if there is one (`HttpFetch()` speaks real HTTP). A redirect to
    any other origin is not followed but told: `Page.location`.
    """

    def __init__(
        self,
        apps: Mapping[str, AsgiApp] | None = None,
        *,
        fetch: Fetch | None = None,
        origins: Collection[str] | None = None,
        redirect_limit: int = 20,
    ) -> None:
        """Open a private window: no cookies, no page."""
        self._apps = {origin.rstrip("/"): app for origin, app in (apps or {}).items()}
        self._fetch = fetch
        self._origins = None if origins is None else {origin.rstrip("/") for origin in origins}
        self._redirect_limit = redirect_limit
        self.cookies = CookieJar()
        self.page: Page | None = None
        self.visited: list[str] = []

    async def __aenter__(self) -> Self:
        """Use the browser for the length of a block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what was opened."""
        await self.close()

    async def close(self) -> None:
        """Close real connections, if there are any."""
        if isinstance(self._fetch, HttpFetch):
            await self._fetch.close()

    def knows(self, url: str) -> bool:
        """Tell whether this browser can reach the address."""
        return self._can_reach(urlsplit(url))

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Page:
        """Open an address as if typed into the address bar, and follow redirects.

        Raises:
            UnknownOrigin: the address itself is out of reach.
            TooManyRedirects: the servers never stop redirecting.
        """
        return await self._navigate("GET", url, b"", headers or {}, initiator=None)

    async def follow(self, link: Link | str) -> Page:
        """Click a link of the page, given itself or by its words, and follow redirects.

        Raises:
            FormMismatch: the page has no such link.
            UnknownOrigin: the link leads out of reach.
            TooManyRedirects: the servers never stop redirecting.
        """
        page = self._current()
        target = page.link(link) if isinstance(link, str) else link
        return await self._navigate("GET", target.url, b"", {}, initiator=page)

    async def reload(self) -> Page:
        """Ask for the current address again.

        Raises:
            TooManyRedirects: the servers never stop redirecting.
        """
        return await self._navigate("GET", self._current().url, b"", {}, initiator=None)

    async def submit(
        self, form: Form, values: Values | None = None, *, button: str | None = None
    ) -> Page:
        """Fill in a form, press a button (the first one unless named) and follow redirects.

        Raises:
            FormMismatch: the form has no such field, choice or button.
            UnknownOrigin: the form is sent out of reach.
            TooManyRedirects: the servers never stop redirecting.
        """
        page = self._current()
        pressed = form.button(button)
        pairs = form.payload(values or {}, pressed)
        action = form.action
        if pressed is not None and pressed.action:
            action = urljoin(page.url, pressed.action)
        if form.is_multipart and form.method == "POST":
            content_type, body = encode_parts(pairs)
            headers = {"content-type": content_type}
            return await self._navigate("POST", action, body, headers, initiator=page)
        # Without the multipart encoding a browser sends of a file its name alone.
        query = urlencode([(name, getattr(value, "name", value)) for name, value in pairs])
        if form.method == "GET":
            address = urlsplit(action)._replace(query=query, fragment="").geturl()
            return await self._navigate("GET", address, b"", {}, initiator=page)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return await self._navigate("POST", action, query.encode(), headers, initiator=page)

    def _current(self) -> Page:
        if self.page is None:
            raise RuntimeError("the browser has not opened a page yet")
        return self.page

    def _can_reach(self, url: SplitResult) -> bool:
        origin = f"{url.scheme}://{url.netloc}"
        if origin in self._apps:
            return True
        if self._fetch is None or url.scheme not in {"http", "https"}:
            return False
        return is_loopback(url.hostname or "") if self._origins is None else origin in self._origins

    async def _navigate(
        self,
        method: str,
        address: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        initiator: Page | None,
    ) -> Page:
        url = urlsplit(address)
        if not self._can_reach(url):
            raise UnknownOrigin(f"{url.scheme}://{url.netloc}")
        came_from = urlsplit(initiator.url) if initiator is not None else None
        relation = _relation(came_from, url)
        extra = dict(headers)
        if method == "POST" and initiator is not None:
            extra["origin"] = _origin_header(initiator)
        for _ in range(self._redirect_limit + 1):
            reply = await self._send(method, url, extra, body, relation)
            address = url.geturl()
            self.visited.append(address)
            target = _redirect_target(reply, address)
            if target is None:
                self.page = Page(address, reply)
                return self.page
            following = urlsplit(target)
            if not self._can_reach(following):
                self.page = Page(address, reply, location=target)
                return self.page
            relation = _worse(relation, _relation(url, following))
            if method != "GET" and reply.status not in _KEEPS_METHOD:
                method, body, extra = "GET", b"", {}
            url = following
        raise TooManyRedirects(f"more than {self._redirect_limit} redirects")

    async def _send(
        self, method: str, url: SplitResult, extra: Mapping[str, str], body: bytes, relation: str
    ) -> Reply:
        headers = [
            ("host", url.netloc),
            ("user-agent", "aboard-seller-browser"),
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("sec-fetch-site", relation),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
            *extra.items(),
        ]
        if body:
            headers.append(("content-length", str(len(body))))
        cookies = self.cookies.header_for(
            url, is_cross_site=relation == "cross-site", method=method
        )
        if cookies:
            headers.append(("cookie", cookies))
        app = self._apps.get(f"{url.scheme}://{url.netloc}")
        if app is not None:
            reply = await fetch_from_app(app, method, url, headers, body)
        elif self._fetch is not None:
            reply = await self._fetch(method, url._replace(fragment="").geturl(), headers, body)
        else:
            raise UnknownOrigin(f"{url.scheme}://{url.netloc}")
        for name, value in reply.headers:
            if name == "set-cookie":
                self.cookies.store(value, url)
        return reply


def _redirect_target(reply: Reply, address: str) -> str | None:
    if reply.status not in _REDIRECTS:
        return None
    location = next((value for name, value in reply.headers if name == "location"), None)
    return None if location is None else urljoin(address, location)


_RELATIONS = ("none", "same-origin", "same-site", "cross-site")


def _relation(source: SplitResult | None, target: SplitResult) -> str:
    if source is None:
        return "none"
    if (source.scheme, source.netloc) == (target.scheme, target.netloc):
        return "same-origin"
    return "same-site" if site_of(source) == site_of(target) else "cross-site"


def _worse(one: str, other: str) -> str:
    """Once a chain of redirects has crossed sites it stays crossed; a typed address stays typed."""
    if one == "none" and other != "cross-site":
        return one
    return max(one, other, key=_RELATIONS.index)


def _origin_header(page: Page) -> str:
    """A page that sends no referrer sends no origin either. Source: the Fetch standard."""
    if page.header("referrer-policy") == "no-referrer":
        return "null"
    url = urlsplit(page.url)
    return f"{url.scheme}://{url.netloc}"
