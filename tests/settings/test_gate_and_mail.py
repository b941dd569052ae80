"""What the gate asks for, when owners are reminded, and whether there is a mail server."""

from collections.abc import Mapping
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.go_live import Condition, GoLivePolicy
from aboard.core.mail import Tls
from tests.settings.test_settings import load

MAIL = {"MAIL_HOST": "mail.platform.example", "MAIL_FROM": "Aboard <no-reply@platform.example>"}


def test_what_holds_without_a_word() -> None:
    settings = load()
    assert settings.policy == GoLivePolicy()
    assert (settings.remind_after, settings.remind_every) == (timedelta(days=3), timedelta(days=7))
    assert settings.mail is None


def test_the_gate_asks_for_what_is_listed() -> None:
    policy = load(
        GO_LIVE_CAPABILITIES="transfers", GO_LIVE_CONDITIONS="payouts, nothing_currently_due"
    ).policy
    assert policy.capabilities == ("transfers",)
    assert policy.conditions == {Condition.PAYOUTS, Condition.NOTHING_CURRENTLY_DUE}
    nothing = load(GO_LIVE_CAPABILITIES="", GO_LIVE_CONDITIONS="").policy
    assert nothing == GoLivePolicy((), frozenset())


def test_reminders_can_be_switched_off() -> None:
    settings = load(REMIND_AFTER_DAYS="0", REMIND_EVERY_DAYS="30")
    assert settings.remind_after is None
    assert settings.remind_every == timedelta(days=30)


def test_a_mail_server_with_a_password() -> None:
    mail = load(
        **MAIL, MAIL_USERNAME="aboard", MAIL_PASSWORD="words, with a comma", MAIL_LANGUAGE="pt"
    ).mail
    assert mail is not None
    assert (mail.host, mail.port, mail.tls) == ("mail.platform.example", 587, Tls.STARTTLS)
    assert mail.sender == Address("Aboard", "no-reply", "platform.example")
    assert (mail.username, mail.language) == ("aboard", "pt")
    assert mail.password is not None
    assert mail.password.reveal() == "words, with a comma"
    assert "comma" not in repr(mail)


def test_the_password_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("words-of-a-file\n")
    file.chmod(0o600)
    mail = load(**MAIL, MAIL_USERNAME="aboard", MAIL_PASSWORD_FILE=str(file)).mail
    assert mail is not None
    assert mail.password is not None
    assert mail.password.reveal() == "words-of-a-file"


def test_without_tls_only_on_this_machine() -> None:
    mail = load(
        MAIL_HOST="127.0.0.1", MAIL_FROM="a@b.example", MAIL_TLS="none", MAIL_PORT="25"
    ).mail
    assert mail is not None
    assert (mail.tls, mail.port) == (Tls.NONE, 25)


REFUSED = [
    ({"GO_LIVE_CAPABILITIES": "transfers,Card Payments"}, "names of capabilities"),
    ({"GO_LIVE_CONDITIONS": "payouts,webhook"}, "each is one of payouts, webhooks"),
    ({"REMIND_AFTER_DAYS": "-1"}, "from 0 to 365"),
    ({"REMIND_EVERY_DAYS": "0"}, "from 1 to 365"),
    ({**MAIL, "MAIL_TLS": "none"}, "outside loopback"),
    ({**MAIL, "MAIL_TLS": "ssl"}, "ABOARD_MAIL_TLS"),
    ({**MAIL, "MAIL_PORT": "0"}, "from 1 to 65535"),
    ({**MAIL, "MAIL_LANGUAGE": "it"}, "must be one of en, pt, es, de, fr"),
    ({**MAIL, "MAIL_USERNAME": "aboard"}, "belong together"),
    ({**MAIL, "MAIL_PASSWORD": "do-not-show-me"}, "belong together"),
    ({**MAIL, "MAIL_FROM": None}, "not one plain e-mail address"),
    ({**MAIL, "MAIL_FROM": "a@b.example, c@d.example"}, "not one plain e-mail address"),
    ({**MAIL, "MAIL_FROM": "Aboard <a@b.example>\r\nBcc: c@d.example"}, "ABOARD_MAIL_FROM"),
    ({**MAIL, "MAIL_FROM": '"A\r\nB" <a@b.example>'}, "ABOARD_MAIL_FROM"),
    ({"MAIL_FROM": "a@b.example"}, "ABOARD_MAIL_HOST: is missing"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED, ids=[str(row[0])[-60:] for row in REFUSED])
def test_what_makes_no_sense_is_refused_with_the_reason(
    changes: Mapping[str, str | None], said: str
) -> None:
    with pytest.raises(SettingsRefused) as caught:
        load(**changes)
    problems = "\n".join(caught.value.problems)
    assert said in problems
    assert "do-not-show-me" not in problems
