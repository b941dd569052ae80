"""Pages for sellers on their way back from Stripe: plain HTML, no script, escaped by hand.

Source: docs/api/organizations.md, the two visits.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final, Protocol

from aboard.api.organizations.words import NOTHING_LISTED, START_AGAIN, WORDS, Page
from aboard.core.owner import Owner
from aboard.core.requirements import Group, merge_lines
from aboard.flows.entry import owner_address
from aboard.flows.platform import Platform
from aboard.web.answer import Header, PageAnswer

CONTINUE_PATH: Final = "/v1/connect/accounts/refresh/continue"
SIGN_IN_PATH: Final = "/connect/sign-in"
_MAY_START_AGAIN: Final = frozenset({Page.LOST, Page.STUCK})

_STYLE: Final = """
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 34rem; padding: 3rem 1.25rem }
h1 { font-size: 1.5rem; line-height: 1.25 }
li { margin: .25rem 0 }
button, a { background: #4f46e5; border: 0; border-radius: .4rem; color: #fff; cursor: pointer;
  display: inline-block; font: inherit; font-weight: 600; padding: .7rem 1.2rem;
  text-decoration: none }
button:focus-visible, a:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px }
small { opacity: .75 }
"""
_STYLE_DIGEST: Final = b64encode(sha256(_STYLE.encode()).digest())
# No form-action: browsers apply it to the redirect that follows, and that one goes to Stripe.
_HEADERS: Final[Sequence[Header]] = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'sha256-%b'; base-uri 'none'; frame-ancestors 'none'"
        % _STYLE_DIGEST,
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class VisitorPages(Protocol):
    """What the visits need of whoever makes pages for people."""

    def refusal(
        self,
        page: Page,
        *,
        status: int,
        language: str,
        request_id: str,
        headers: Sequence[Header],
        owner: Owner | None,
        has_session: bool,
    ) -> PageAnswer:
        """Return the page that says what happened and what to do next, never why.

        `owner` is there if the session may see that owner's pages; else there is a way to sign in.
        """
        ...

    def loop(
        self, groups: Sequence[Group], *, state: str, language: str, owner: Owner
    ) -> PageAnswer:
        """Return the page that lists what Stripe wants, with one button that goes on.

        The button posts `state` to `CONTINUE_PATH`: it is spent there, and not before.
        """
        ...


@dataclass(frozen=True, slots=True)
class PlainPages:
    """Pages without anybody else's help, for an API that is served alone."""

    platform: Platform

    def refusal(
        self,
        page: Page,
        *,
        status: int,
        language: str,
        request_id: str,
        headers: Sequence[Header] = (),
        owner: Owner | None = None,
        has_session: bool = False,  # noqa: ARG002 - the protocol's word; the way is the same
    ) -> PageAnswer:
        """Return the page that says what happened and what to do next."""
        words = WORDS[page][language]
        content = f"<p>{escape(words.what)}</p>\n<p>{escape(words.next_step)}</p>\n"
        if page in _MAY_START_AGAIN:
            sign_in = f"{self.platform.public_url}{SIGN_IN_PATH}"
            way = sign_in if owner is None else owner_address(self.platform, owner)
            content += f'<p><a href="{escape(way)}">{escape(START_AGAIN[language])}</a></p>\n'
        content += f"<p><small>{escape(request_id)}</small></p>"
        return _page(words.title, content, language, status=status, headers=headers)

    def loop(
        self,
        groups: Sequence[Group],
        *,
        state: str,
        language: str,
        owner: Owner,  # noqa: ARG002 - the protocol's word
    ) -> PageAnswer:
        """Return the page that lists what Stripe wants, with one button that goes on."""
        words = WORDS[Page.CHECKLIST][language]
        lines = [line for group in groups for line in merge_lines(group)]
        rows = "\n".join(f"<li>{escape(line.title)}</li>" for line in lines)
        listed = f"<ul>\n{rows}\n</ul>" if lines else f"<p>{escape(NOTHING_LISTED[language])}</p>"
        content = (
            f"<p>{escape(words.what)}</p>\n{listed}\n"
            f'<form method="post" action="{escape(self.platform.public_url + CONTINUE_PATH)}">\n'
            f'<input type="hidden" name="state" value="{escape(state)}">\n'
            f"<button>{escape(words.next_step)}</button>\n</form>"
        )
        return _page(words.title, content, language, status=200)


def _page(
    title: str, content: str, language: str, *, status: int, headers: Sequence[Header] = ()
) -> PageAnswer:
    page = f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{content}
</main>
</body>
</html>
"""
    return PageAnswer(page, status=status, headers=[*_HEADERS, *headers])
