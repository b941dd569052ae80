"""The first two pages of an Express account: a phone number, and the code sent to it."""

from aboard.sandbox import answers
from aboard.sandbox.fields import FieldError, read_answer
from aboard.sandbox.hosted.desk import Desk, summarize
from aboard.sandbox.hosted.exchange import Answer, redirect
from aboard.sandbox.hosted.fields import field_for
from aboard.sandbox.hosted.questions import Field
from aboard.sandbox.hosted.steps import Group, Item, Problem
from aboard.sandbox.samples import SMS_CODE

_EMAIL = "email"
_PHONE = "phone"
_CODE = Field(
    "Code from the text message",
    f"Test code: {SMS_CODE}",
    autocomplete="one-time-code",
    inputmode="numeric",
    width="s",
    max_length=11,
)
_MOBILE = Field(
    "Mobile phone", "Test number: 000 000 0000", "tel", autocomplete="tel", inputmode="tel"
)


def show_sign_in(
    desk: Desk,
    typed: dict[str, str] | None = None,
    problems: dict[str, Problem] | None = None,
) -> Answer:
    """Ask for email and phone, with what is known filled in."""
    person = desk.account.representative
    known = {} if person is None else person.given
    values = typed or {
        _EMAIL: str(desk.account.email or known.get("email") or ""),
        _PHONE: desk.visit.phone or str(known.get("phone") or ""),
    }
    found = problems or {}
    items = [
        Item(path, asked, values.get(path, ""), asked.help, found.get(path))
        for path, asked in ((_EMAIL, field_for("email")), (_PHONE, _MOBILE))
    ]
    return desk.show(
        "step.html",
        "sign-in",
        "Sign in to set up your payouts",
        intro="We keep your answers under your email and phone, so that you can come back later.",
        faults=summarize(found, {item.path: item.field.label for item in items}),
        groups=[Group(items=items)],
    )


def take_sign_in(desk: Desk, form: dict[str, str]) -> Answer:
    """Keep email and phone and go on to the code."""
    typed = {path: form.get(path, "").strip() for path in (_EMAIL, _PHONE)}
    if form.get("do") == "later":
        return desk.leave()
    problems = {}
    for path, text in typed.items():
        fact = read_answer(desk.account, path, text)
        if isinstance(fact, FieldError):
            problems[path] = Problem(fact.message, fact.code)
    if problems:
        return show_sign_in(desk, typed, problems)
    desk.visit.phone = typed[_PHONE]
    if desk.account.email != typed[_EMAIL]:
        answers.save_facts(desk.world, desk.account, {_EMAIL: typed[_EMAIL]})
    return redirect(desk.url("code"))


def show_code(desk: Desk, problem: Problem | None = None) -> Answer:
    """Ask for the code."""
    item = Item("code", _CODE, help=_CODE.help, error=problem)
    return desk.show(
        "code.html",
        "code",
        "Enter the code we sent you",
        faults=summarize({"code": problem} if problem else {}, {"code": _CODE.label}),
        item=item,
        phone=desk.visit.phone,
    )


def take_code(desk: Desk, form: dict[str, str]) -> Answer:
    """Let the visitor in with the code; the dashboard's home or the first question is next."""
    digits = form.get("code", "").replace("-", "").replace(" ", "")
    if form.get("do") != "test_code" and digits != SMS_CODE.replace("-", ""):
        text = "This code is wrong." if digits else "Enter the code."
        return show_code(desk, Problem(f"{text} In the sandbox it is {SMS_CODE}."))
    desk.visit.is_signed_in = True
    return redirect(desk.url("dashboard" if desk.is_dashboard else "next"))
