"""One answer as a person would see it: title, text, links and forms."""

from functools import cached_property
from urllib.parse import urljoin

from aboard.sandbox.browser.forms import Form, FormMismatch, Link
from aboard.sandbox.browser.markup import Markup
from aboard.sandbox.browser.transport import Reply
from aboard.sandbox.browser.words import words_of


class Page:
    """Where the browser is: the answer, and the address it would go to if it could.

    `location` is set when a redirect points to an origin this browser does not reach; the page is
    then the redirect itself.
    """

    def __init__(self, url: str, reply: Reply, location: str | None = None) -> None:
        """Keep the raw answer; it is read as HTML only when somebody asks for a part of it."""
        self.url = url
        self.status = reply.status
        self.headers = reply.headers
        self.body = reply.body
        self.location = location

    def __repr__(self) -> str:
        """Say the status alone: an address can be a bearer link."""
        return f"Page(status={self.status})"

    @property
    def address(self) -> str:
        """Where the person ended: the unreachable location, or the page's own address."""
        return self.location or self.url

    @cached_property
    def html(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def _markup(self) -> Markup:
        return Markup(self.html)

    def header(self, name: str) -> str | None:
        """Return the first header of this name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def title(self) -> str:
        """The words in the browser's tab."""
        return self._markup.title

    @cached_property
    def text(self) -> str:
        """All words of the page, with runs of space made one."""
        return words_of(self.html)

    @cached_property
    def links(self) -> list[Link]:
        """Every link, with its absolute address."""
        return [Link(urljoin(self.url, href), text) for href, text in self._markup.links]

    @cached_property
    def forms(self) -> list[Form]:
        """Every form, with its absolute address."""
        for form in self._markup.forms:
            form.action = urljoin(self.url, form.action)
        return self._markup.forms

    def form(self, wanted: str | int = 0) -> Form:
        """Return a form by its name or id, or by its place on the page.

        Raises:
            FormMismatch: the page has no such form.
        """
        for place, form in enumerate(self.forms):
            if wanted == place or (wanted and wanted in {form.name, form.element_id}):
                return form
        raise FormMismatch(f"status {self.status}, {self.title!r}: the page has no form {wanted!r}")

    def link(self, text: str) -> Link:
        """Return the first link with these words.

        Raises:
            FormMismatch: the page has no such link.
        """
        for link in self.links:
            if link.text == text:
                return link
        raise FormMismatch(f"status {self.status}, {self.title!r}: the page has no link {text!r}")
