"""A seller who fills in everything that is asked, page after page, until the form lets them go."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from aboard.sandbox.browser.forms import Attachment, Control, Form
from aboard.sandbox.browser.page import Page
from aboard.sandbox.browser.seller import SellerBrowser
from aboard.sandbox.samples import SMS_CODE, bank_sample, sample_for

_FORM = "step"
_PAGE_LIMIT = 40
_UNTOUCHED = frozenset({"hidden"})
_NEW = "new_person."
_ROLE = f"{_NEW}role"
_FIRST = ("first_name", "last_name", "email")


class WalkStuck(RuntimeError):
    """The form would not let the seller on: an answer was refused, or the pages go in circles."""


async def walk_onboarding(
    browser: SellerBrowser,
    url: str,
    values: Mapping[str, str | Attachment] | None = None,
    *,
    country: str = "US",
    people: Sequence[Mapping[str, str]] = (),
) -> str:
    """Open an account link, answer everything with valid test data, and return where it ended.

    `values` go by requirement path (`business_type`, `individual.first_name`, `company.name`,
    `external_account.account_number`) and win over the test data; `individual.*` also answers for
    a company's representative. `people` are listed beside the representative, each with a `role`
    (`owner`, `director` or `executive`) and what else is to be said of them (`first_name`,
    `dob.year`...). A document's `....upload` takes an `Attachment`. The result is the address the
    seller was sent to, or, where the browser can reach it, the one at the end of the redirects.

    Raises:
        WalkStuck: a page came back with errors, or there was no end after many pages.
        UnknownOrigin: the browser cannot reach the link.
    """
    walker = _Walker(values or {}, country, list(people))
    page = await browser.get(url)
    home = _origin(page.url)  # a platform of its own may have sent the seller on to the form
    for _ in range(_PAGE_LIMIT + 2 * len(people)):
        if page.location is not None or _origin(page.url) != home or not _is_form_page(page):
            return page.address
        if page.status >= 400:  # noqa: PLR2004 (every HTTP error)
            raise WalkStuck(f"status {page.status}, {page.title!r}: {_problems(page)}")
        page = await walker.answer(browser, page.form(_FORM))
    raise WalkStuck(f"still in the form after {_PAGE_LIMIT} pages, at {page.title!r}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_form_page(page: Page) -> bool:
    return any(form.name == _FORM for form in page.forms)


def _problems(page: Page) -> str:
    wrong = [control.name for form in page.forms for control in form.controls if control.is_invalid]
    return f"refused: {wrong}"


class _Walker:
    """What a seller means to say, and to whom of the people on the list the next page belongs."""

    def __init__(
        self,
        values: Mapping[str, str | Attachment],
        country: str,
        people: list[Mapping[str, str]],
    ) -> None:
        self._values = values
        self._country = country
        self._waiting = people
        self._added: Mapping[str, str] | None = None
        self._told: dict[str, Mapping[str, str]] = {}

    async def answer(self, browser: SellerBrowser, form: Form) -> Page:
        """Fill in a page and go on; on the list of people, add the next one first."""
        if self._waiting and _ROLE in form.names:
            self._added = self._waiting.pop(0)
            person = {f"{_NEW}{tail}": sample_for(f"person_.{tail}") for tail in _FIRST}
            person |= {f"{_NEW}{tail}": text for tail, text in self._added.items()}
            known = {name: text for name, text in person.items() if name in form.names}
            return await browser.submit(form, known, button="add_person")
        subject = form.action.rpartition("/")[2]
        if subject.startswith("person_") and subject not in self._told and self._added is not None:
            self._told[subject], self._added = self._added, None
        return await browser.submit(form, self._answers(form))

    def _answers(self, form: Form) -> dict[str, str | Attachment]:
        answers: dict[str, str | Attachment] = {}
        for control in form.controls:
            if control.kind in _UNTOUCHED or control.name in answers:
                continue
            wanted = self._wish(control.name)
            if wanted is not None:
                answers[control.name] = wanted
            elif control.is_required and not _is_answered(form, control):
                answers[control.name] = sample_of(control.name, self._country)
        return answers

    def _wish(self, name: str) -> str | Attachment | None:
        """Find the wish for a field; people of a company answer to `individual.*` as well."""
        if name in self._values:
            return self._values[name]
        subject, dot, tail = name.partition(".")
        if not dot or not (subject == "representative" or subject.startswith("person_")):
            return None
        if subject in self._told:
            return self._told[subject].get(tail)
        return self._values.get(f"representative.{tail}", self._values.get(f"individual.{tail}"))


def _is_answered(form: Form, control: Control) -> bool:
    if control.kind in {"checkbox", "radio"}:
        return any(other.is_checked for other in form.controls if other.name == control.name)
    return bool(control.value)


def sample_of(name: str, country: str) -> str:
    """Return a valid test answer to a field of the pages, in a country."""
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
