"""Where may announcements go, under which secret, and when again? Judged by the rules alone."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.announcements import AnnouncementType
from aboard.core.deliveries import (
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    PAUSES,
    PING,
    Answered,
    DeliveryOutcome,
    judge,
    pause_after,
    write_body,
    write_ping,
)
from aboard.core.errors import AddressRefused, InputRefused
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.core.signing import SigningKeyMissing, make_secret, signing_secrets
from aboard.core.state import KeyRing
from aboard.core.subscribers import (
    Generation,
    Subscriber,
    may_be_told,
    read_description,
    read_types,
    read_url,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
KEYS = KeyRing("k2", {"k1": Secret("one" * 11), "k2": Secret("two" * 11)})


def subscriber(previous: Generation | None = None, until: datetime | None = None) -> Subscriber:
    return Subscriber(
        id="sub_1",
        mode=Mode.TEST,
        url="https://platform.example/hooks",
        description="",
        types=(),
        created_at=NOW,
        created_by="ada",
        secret=Generation("k2", 2),
        previous=previous,
        previous_until=until,
    )


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "https://platform.example/hooks?tenant=7",
            "https://platform.example:8443",
            "https://10.0.0.7/hooks",
            "https://[fd12:3456::7]/hooks",
            "http://localhost:4280/told",
            "http://127.0.0.1:4280/told",
            "http://[::1]:4280/told",
        ],
    )
    def test_these_are_taken_unchanged(self, url: str) -> None:
        assert read_url(url) == url

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "platform.example/hooks",
            "ftp://platform.example/hooks",
            "http://platform.example/hooks",
            "http://10.0.0.7/hooks",
            "http://localhost.platform.example/",
            "https://ada:words@platform.example/hooks",
            "https://platform.example/hooks#part",
            "https://platform.example/a/../b",
            "https://platform.example\\@other.example/",
            "https://platform.example/\r\nHost: other",
            "https://platform.example:0/",
            "https:///hooks",
            "https://169.254.169.254/latest/meta-data",
            "https://[fe80::1]/",
            "https://[::ffff:169.254.169.254]/",
            "https://0.0.0.0/",
            "https://[::]/",
            "https://224.0.0.1/",
            "https://2852039166/",
            "https://0xa9fea9fe/",
            "https://169.254.43518/",
            "https://127.1/",
            f"https://platform.example/{'a' * 2048}",
        ],
    )
    def test_these_are_refused(self, url: str) -> None:
        with pytest.raises(AddressRefused):
            read_url(url)

    @pytest.mark.parametrize(
        ("address", "host", "may"),
        [
            ("203.0.113.9", "platform.example", True),
            ("10.1.2.3", "receiver.internal", True),
            ("192.168.1.2", "receiver.internal", True),
            ("fd12::1", "receiver.internal", True),
            ("127.0.0.1", "localhost", True),
            ("::1", "localhost", True),
            ("127.0.0.9", "127.0.0.9", True),
            ("127.0.0.1", "platform.example", False),
            ("::1", "platform.example", False),
            ("::ffff:127.0.0.1", "platform.example", False),
            ("169.254.169.254", "platform.example", False),
            ("169.254.169.254", "localhost", False),
            ("::ffff:169.254.169.254", "platform.example", False),
            ("64:ff9b::a9fe:a9fe", "platform.example", False),
            ("2002:a9fe:a9fe::1", "platform.example", False),
            ("2002:7f00:1::", "platform.example", False),
            ("::169.254.169.254", "platform.example", False),
            ("fe80::1", "platform.example", False),
            ("fd00:ec2::254", "platform.example", False),
            ("fd20:ce::254", "platform.example", False),
            ("100.100.100.200", "platform.example", False),
            ("168.63.129.16", "platform.example", False),
            ("192.0.0.192", "platform.example", False),
            ("0.0.0.0", "platform.example", False),  # noqa: S104 - looked at, not listened on
            ("::", "platform.example", False),
            ("255.255.255.255", "platform.example", False),
            ("ff02::1", "platform.example", False),
        ],
    )
    def test_what_a_name_leads_to_is_looked_at(self, address: str, host: str, *, may: bool) -> None:
        assert may_be_told(ip_address(address), host=host) is may

    def test_no_origin_tells_the_path(self) -> None:
        assert subscriber().origin == "https://platform.example"


class TestWishes:
    def test_types_are_kept_in_their_order(self) -> None:
        words = ["connect.golive.opened", "connect.account.disconnected", "connect.golive.opened"]
        assert read_types(words) == (
            AnnouncementType.DISCONNECTED,
            AnnouncementType.GO_LIVE_OPENED,
        )
        assert read_types([]) == ()

    @pytest.mark.parametrize("word", ["connect.golive", "*", PING])
    def test_no_other_type_can_be_wanted(self, word: str) -> None:
        with pytest.raises(InputRefused):
            read_types([word])

    def test_a_description_is_one_line(self) -> None:
        assert read_description("  The CRM  ") == "The CRM"
        for text in ("two\nlines", "\x1b[31m", "a" * 201):
            with pytest.raises(InputRefused):
                read_description(text)


class TestSecrets:
    def test_each_subscriber_and_generation_has_its_own(self) -> None:
        found = {
            make_secret(KEYS, name, Generation(key_id, number)).reveal()
            for name in ("sub_1", "sub_11")
            for key_id in ("k1", "k2")
            for number in (1, 2, 12)
        }
        assert len(found) == 12
        for each in found:
            assert each.startswith("whsec_")
            assert len(b64decode(each.removeprefix("whsec_"), validate=True)) == 32

    def test_it_is_the_same_everywhere_and_for_ever(self) -> None:
        made = make_secret(KEYS, "sub_1", Generation("k1", 1))
        # Every receiver has it in its configuration: another derivation would lock all of them out.
        assert sha256(made.reveal().encode()).hexdigest().startswith("20222496b31d6d34")

    def test_the_one_before_signs_too_for_a_while(self) -> None:
        first = Generation("k1", 1)
        rotated = subscriber(first, NOW + timedelta(hours=1))
        both = [make_secret(KEYS, "sub_1", each) for each in (rotated.secret, first)]
        assert signing_secrets(KEYS, rotated, NOW) == both
        assert signing_secrets(KEYS, rotated, NOW + timedelta(hours=1)) == both[:1]

    def test_without_its_key_nothing_is_signed(self) -> None:
        other = KeyRing("k9", {"k9": Secret("nine" * 8)})
        for keys in (None, other):
            with pytest.raises(SigningKeyMissing, match="k2"):
                signing_secrets(keys, subscriber(), NOW)
        gone = subscriber(Generation("k0", 1), NOW + timedelta(hours=1))
        assert len(signing_secrets(KEYS, gone, NOW)) == 1


class TestTrying:
    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    def test_any_2xx_is_taken_in(self, status: int) -> None:
        answered = Answered(status, 0.1)
        assert judge(answered, MOST_ATTEMPTS * 2) is DeliveryOutcome.DELIVERED
        assert answered.word is None

    @pytest.mark.parametrize("status", [None, 100, 199, 301, 307, 400, 401, 404, 429, 500, 503])
    def test_anything_else_is_tried_ten_times(self, status: int | None) -> None:
        answered = Answered(status, 0.1, cause=None if status else "timeout")
        judged = [judge(answered, before) for before in range(MOST_ATTEMPTS)]
        assert judged == [DeliveryOutcome.RETRY] * 9 + [DeliveryOutcome.DEAD]

    @given(
        st.integers(0, 30),
        st.none() | st.integers(-(10**6), 10**12),
        st.floats(0, 1, allow_nan=False),
    )
    def test_no_wait_is_shorter_than_the_schedule_or_longer_than_a_day_and_a_bit(
        self, before: int, asked: int | None, chance: float
    ) -> None:
        pause = pause_after(before, asked, chance)
        planned = PAUSES[min(before, len(PAUSES) - 1)]
        assert pause >= planned * 0.79
        assert pause <= max(planned * 1.21, LONGEST_WAIT)
        if asked is not None and 0 <= asked <= 86_400:
            assert pause >= timedelta(seconds=asked)


class TestBody:
    def test_the_owner_is_an_organization_or_a_creator(self) -> None:
        shop = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.LIVE)
        body = write_body("ann_1", "connect.golive.opened", NOW, shop, {"opened_by": "zoë"})
        assert body == (
            b'{"event_id":"ann_1","event_type":"connect.golive.opened",'
            b'"occurred_at":"2026-11-21T09:00:00Z","mode":"live","organization_id":"org_1",'
            b'"creator_id":null,"payload":{"opened_by":"zo\\u00eb"}}'
        )
        ada = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
        assert b'"organization_id":null,"creator_id":"ada"' in write_body("a", "b", NOW, ada, {})

    def test_a_ping_is_of_nobody(self) -> None:
        body = write_ping("ping_1", NOW, Mode.TEST, "sub_1")
        assert b'"event_type":"connect.test.ping"' in body
        assert b'"organization_id":null,"creator_id":null' in body
