"""One visitor at the counter: whose account, where the pages are, and what may be done here."""

import hmac
from dataclasses import dataclass, field
from hashlib import blake2b

from aboard.sandbox import visits
from aboard.sandbox.account import Account
from aboard.sandbox.hosted.exchange import Answer, page, redirect
from aboard.sandbox.hosted.pages import render
from aboard.sandbox.hosted.steps import REVIEW, Outline, Problem, describe, outline
from aboard.sandbox.visits import DashboardVisit, Visit
from aboard.sandbox.world import World

COOKIE = "aboard_sandbox"
FOLDER = "/hosted/"
SIGNED_OUT = "/hosted/signed-out"
SHORTCUTS = (
    ("finish", "Finish with test data"),
    ("review", "Send to review"),
    ("document", "Reject document"),
    ("reject", "Reject account"),
    ("capability", "Lose a capability"),
    ("deauthorise", "Deauthorise"),
)


def _derive(visit_id: str, purpose: bytes) -> str:
    """Make a value that shows nothing of the visit's id, which only the cookie carries."""
    return blake2b(visit_id.encode(), digest_size=12, person=purpose).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the error summary: where the answer is and what is wrong with it."""

    anchor: str
    label: str
    text: str


@dataclass(slots=True)
class Desk:
    """A visit with the addresses of its pages."""

    visit: Visit | DashboardVisit
    base: str = field(init=False)
    csrf: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Derive the pages' folder and the form token from the visit."""
        self.base = FOLDER + _derive(self.visit.id, b"folder")
        self.csrf = _derive(self.visit.id, b"form")

    @property
    def account(self) -> Account:
        """The account whose form or dashboard this is."""
        return self.visit.account

    @property
    def world(self) -> World:
        """The world the account lives in."""
        return self.visit.world

    @property
    def is_dashboard(self) -> bool:
        """Say whether the visitor came by a login link."""
        return isinstance(self.visit, DashboardVisit)

    @property
    def is_full(self) -> bool:
        """Say whether everything is shown, not only what is due."""
        return isinstance(self.visit, DashboardVisit) or (
            self.visit.link.purpose == "account_update"
        )

    @property
    def needs_sign_in(self) -> bool:
        """Say whether the visitor must still prove a phone, as holders of Express accounts do."""
        has_own_dashboard = self.account.controller.dashboard == "express"
        return has_own_dashboard and not self.visit.is_signed_in

    def outline(self) -> Outline:
        """Sort what is due now into pages."""
        link = self.visit.link if isinstance(self.visit, Visit) else None
        return outline(
            self.account,
            collect="currently_due" if link is None else link.collect,
            now=self.world.now(),
            is_full=self.is_full,
            with_future=link is not None and link.includes_future,
        )

    def url(self, slug: str) -> str:
        """Return the address of one page of this visit."""
        return f"{self.base}/{slug}"

    def is_form_token(self, token: str) -> bool:
        """Say whether a form came from a page of this visit."""
        return hmac.compare_digest(token.encode(), self.csrf.encode())

    def leave(self) -> Answer:
        """Save for later: go back to the platform, or to the dashboard."""
        if isinstance(self.visit, DashboardVisit):
            return redirect(self.url("dashboard"))
        return redirect(visits.leave(self.visit))

    def show(
        self,
        template: str,
        slug: str,
        title: str,
        *,
        faults: tuple[Fault, ...] = (),
        plan: Outline | None = None,
        **values: object,
    ) -> Answer:
        """Render one page with the frame that all pages of a visit share."""
        html = render(
            template,
            title=title,
            base=self.base,
            csrf=self.csrf,
            action=self.url(slug),
            heading=_heading(self.visit),
            who=_who(self.account),
            shortcuts=() if self.is_dashboard else SHORTCUTS,
            steps=self._progress(plan, slug),
            problems=faults,
            leave_label="Back to the dashboard" if self.is_dashboard else "Save for later",
            **values,
        )
        return page(html, status=422 if faults else 200)

    def _progress(self, plan: Outline | None, current: str) -> list[dict[str, str]]:
        if self.is_dashboard and plan is None:
            return []
        steps = []
        plan = plan or self.outline()
        if self.account.controller.dashboard == "express" and not self.is_dashboard:
            is_now = current in {"sign-in", "code"}
            state = "now" if is_now else "" if self.needs_sign_in else "done"
            steps.append({"name": "Sign in", "state": state, "url": ""})
        for slug in (*plan.slugs, REVIEW.slug):
            is_done = slug != REVIEW.slug and not plan.owed.get(slug)
            state = "now" if slug == current else "done" if is_done else ""
            url = self.url(slug) if is_done and not self.needs_sign_in else ""
            steps.append({"name": describe(slug, self.account).name, "state": state, "url": url})
        return steps


def summarize(problems: dict[str, Problem], labels: dict[str, str]) -> tuple[Fault, ...]:
    """Make the error summary of a page from the problems of its answers."""
    return tuple(
        Fault(path, labels.get(path, path), problem.text) for path, problem in problems.items()
    )


def _heading(visit: Visit | DashboardVisit) -> str:
    if isinstance(visit, DashboardVisit):
        return "Your details"
    return "Update your details" if visit.link.purpose == "account_update" else "Set up payouts"


def _who(account: Account) -> tuple[str, ...]:
    name = account.fact("company.name") or account.email
    return (*((str(name),) if name else ()), f"{account.id} · {account.country}")
