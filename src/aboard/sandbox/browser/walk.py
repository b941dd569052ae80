"""A seller who fills in everything that is asked, page after page, until the form lets them go."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aboard.sandbox.browser.forms import Control, Form
from aboard.sandbox.browser.page import Page
from aboard.sandbox.browser.seller import SellerBrowser
from aboard.sandbox.samples import SMS_CODE, bank_sample, sample_for

_FORM = "step"
_PAGE_LIMIT = 40
_UNTOUCHED = frozenset({"hidden", "file"})


class WalkStuck(RuntimeError):
    """The form would not let the seller on: an answer was refused, or the pages go in circles."""


async def walk_onboarding(
    browser: SellerBrowser,
    url: str,
    values: Mapping[str, str] | None = None,
    *,
    country: str = "US",
) -> str:
    """Open an account link, answer everything with valid test data, and return where it ended.

    `values` go by requirement path (`business_type`, `individual.first_name`, `company.name`,
    `external_account.account_number`) and win over the test data; `individual.*` also answers for
    a company's representative. The result is the address the seller was sent to, or, where the
    browser can reach it, the one at the end of the redirects from there.

    Raises:
        WalkStuck: a page came back with errors, or there was no end after many pages.
        UnknownOrigin: the browser cannot reach the link.
    """
    page = await browser.get(url)
    home = _origin(url)
    for _ in range(_PAGE_LIMIT):
        if page.location is not None or _origin(page.url) != home or not _is_form_page(page):
            return page.address
        if page.status >= 400:  # noqa: PLR2004 (every HTTP error)
            raise WalkStuck(f"status {page.status}, {page.title!r}: {_problems(page)}")
        form = page.form(_FORM)
        page = await browser.submit(form, _answers(form, values or {}, country))
    raise WalkStuck(f"still in the form after {_PAGE_LIMIT} pages, at {page.title!r}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_form_page(page: Page) -> bool:
    return any(form.name == _FORM for form in page.forms)


def _problems(page: Page) -> str:
    wrong = [control.name for form in page.forms for control in form.controls if control.is_invalid]
    return f"refused: {wrong}"


def _answers(form: Form, values: Mapping[str, str], country: str) -> dict[str, str]:
    answers: dict[str, str] = {}
    for control in form.controls:
        if control.kind in _UNTOUCHED or control.name in answers:
            continue
        wanted = _wish(values, control.name)
        if wanted is not None:
            answers[control.name] = wanted
        elif control.is_required and not _is_answered(form, control):
            answers[control.name] = _sample(control.name, country)
    return answers


def _wish(values: Mapping[str, str], name: str) -> str | None:
    """Find the wish for a field; people of a company answer to `individual.*` as well."""
    if name in values:
        return values[name]
    subject, dot, tail = name.partition(".")
    if dot and (subject == "representative" or subject.startswith("person_")):
        return values.get(f"representative.{tail}", values.get(f"individual.{tail}"))
    return None


def _is_answered(form: Form, control: Control) -> bool:
    if control.kind in {"checkbox", "radio"}:
        return any(other.is_checked for other in form.controls if other.name == control.name)
    return bool(control.value)


def _sample(name: str, country: str) -> str:
    if name == "code":
        return SMS_CODE
    if name == "tos_acceptance":
        return "true"
    bank = bank_sample(country)
    if name == "external_account.routing_number":
        return bank.routing_number
    if name == "external_account.account_number":
        return bank.account_number
    return sample_for(name, country=country)
