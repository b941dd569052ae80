"""The small Express dashboard behind a login link."""

from aboard.sandbox import requirements
from aboard.sandbox.account import Account
from aboard.sandbox.hosted.bank import bank_lines
from aboard.sandbox.hosted.desk import SIGNED_OUT, Desk
from aboard.sandbox.hosted.exchange import Answer, redirect
from aboard.sandbox.hosted.fields import field_for, is_person, split_path
from aboard.sandbox.hosted.purse import money_words, payout_lines, shown_balance
from aboard.sandbox.hosted.steps import Outline, name_of

SLUG = "dashboard"
Rows = list[dict[str, str]]


def show_dashboard(desk: Desk) -> Answer:
    """Show how the account stands: status, balance, payouts, and what is still needed."""
    account = desk.account
    plan = desk.outline()
    owed = plan.debts
    name = account.fact("business_profile.name") or account.fact("company.name") or account.email
    available, pending = shown_balance(desk.world, account)
    payouts = payout_lines(desk.world, account)
    return desk.show(
        "dashboard.html",
        SLUG,
        str(name or "Your account"),
        tiles=[
            {"name": "Payments", "text": "On" if owed.is_charging else "Off"},
            {"name": "Payouts", "text": "On" if owed.is_paying_out else "Off"},
            {"name": "Balance", "text": available},
            {"name": "Pending", "text": pending},
        ],
        notice=_notice(owed),
        owed=list(dict.fromkeys(_words(account, key) for key in owed.currently_due)),
        owed_url=desk.url(plan.next_after("")),
        payouts=payouts,
        next_payout=money_words(0, account.currency) if not payouts else "",
        sections=[
            _section(desk, plan, "bank", "Bank account", _bank_rows(account)),
            _section(desk, plan, "business", "Profile", _profile_rows(account)),
            _section(
                desk, plan, _identity_slug(account), "Identity and tax", _identity(account, owed)
            ),
        ],
        edit_url=desk.url("review"),
    )


def take_dashboard(desk: Desk) -> Answer:
    """Sign out: the visit is over, and only a new login link opens the dashboard again."""
    desk.visit.ended_at = desk.world.now()
    return redirect(SIGNED_OUT)


def _notice(owed: requirements.Owed) -> str:
    if owed.disabled_reason is None:
        return ""
    if owed.disabled_reason.startswith("rejected."):
        return "This account was rejected."
    if owed.pending or owed.disabled_reason == "under_review":
        return "Your details are being checked."
    return "Something is needed before payments and payouts can go on."


def _words(account: Account, key: str) -> str:
    subject, tail = split_path(key)
    person = account.subject(subject)
    about = ""
    if subject == "company":
        about = "Company: "
    elif account.is_company and is_person(subject):
        about = f"{name_of(person)}: " if person else f"{subject.capitalize()}: "
    if tail.startswith("dob."):
        return f"{about}Date of birth"
    if tail.startswith("address"):
        return f"{about}Address"
    return about + field_for(key, account.country, account.business_type).label


def _section(desk: Desk, plan: Outline, slug: str, name: str, rows: Rows) -> dict[str, object]:
    url = desk.url(slug) if slug in plan.asked else ""
    return {"name": name, "rows": rows, "url": url}


def _bank_rows(account: Account) -> Rows:
    rows = [{"label": "Payouts go to", "text": line} for line in bank_lines(account)]
    return rows or [{"label": "Payouts go to", "text": "Not given"}]


def _profile_rows(account: Account) -> Rows:
    rows = []
    for path in (
        "business_profile.name",
        "business_profile.url",
        "business_profile.product_description",
        "business_profile.support_phone",
        "business_profile.support_email",
        "settings.payments.statement_descriptor",
    ):
        value = account.fact(path)
        if value is not None:
            label = field_for(path, account.country).label
            rows.append({"label": label, "text": str(value)})
    return rows or [{"label": "Profile", "text": "Not given"}]


def _identity_slug(account: Account) -> str:
    return "company" if account.is_company else "person"


def _identity(account: Account, owed: requirements.Owed) -> Rows:
    """Say of the company and of each person whether they are known, checked or refused."""
    rows = []
    if account.is_company:
        label = field_for("company.tax_id", account.country, account.business_type).label
        is_given = account.fact("company.tax_id") is not None
        rows.append({"label": label, "text": _state(account, owed, "company", is_given=is_given)})
    for person in account.people:
        subject = "individual" if account.is_individual else person.id
        is_given = bool(person.given.get("first_name"))
        state = _state(account, owed, subject, is_given=is_given)
        rows.append({"label": name_of(person), "text": state})
    return rows or [{"label": "You", "text": "Not given"}]


def _state(account: Account, owed: requirements.Owed, subject: str, *, is_given: bool) -> str:
    prefix = f"{subject}."
    if any(error.requirement.startswith(prefix) for error in owed.errors):
        return "Needs another look"
    if any(key.startswith(prefix) for key in owed.currently_due):
        return "Something is missing"
    if account.is_under_review or any(key.startswith(prefix) for key in owed.pending):
        return "Being checked"
    if not is_given:
        return "Not given"
    return "Verified" if account.is_approved else "Given"
