"""Do connected accounts change and go as Stripe's do?"""

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import BANK, CUSTOM, EXPRESS, LINK, PERSON, Wire, free


class TestUpdate:
    async def test_metadata_merges(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(
            free({**EXPRESS, "metadata": {"a": "1", "b": "2"}})
        )
        seen = await sdk.v1.accounts.update_async(made.id, {"metadata": {"b": "", "c": "3"}})
        assert seen.to_dict()["metadata"] == {"a": "1", "c": "3"}
        seen = await sdk.v1.accounts.update_async(made.id, {"metadata": ""})
        assert seen.to_dict()["metadata"] == {}

    async def test_before_the_first_link_everything(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        seen = await sdk.v1.accounts.update_async(
            made.id, {"business_type": "individual", "individual": PERSON, "external_account": BANK}
        )
        assert seen.individual is not None
        assert seen.individual.last_name == "Rosen"
        seen = await sdk.v1.accounts.update_async(
            made.id, {"individual": {"dob": "", "last_name": ""}}
        )
        assert seen.individual is not None
        assert seen.individual.dob is not None
        assert seen.individual.dob.year is None
        assert seen.individual.last_name is None

    async def test_after_the_first_link_identity_is_locked(
        self, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        made = await sdk.v1.accounts.create_async(
            free({**EXPRESS, "business_type": "individual", "individual": PERSON})
        )
        assert made.individual is not None
        assert "company" in made.to_dict()
        await sdk.v1.account_links.create_async(free({**LINK, "account": made.id}))
        seen = (await sdk.v1.accounts.retrieve_async(made.id)).to_dict()
        assert "company" not in seen
        assert "first_name" not in seen["individual"]
        answer = await wire.send(
            "POST", f"/v1/accounts/{made.id}", {"individual[first_name]": "Ann"}
        )
        assert answer.status == 403
        assert answer.error["message"] == (
            "This application does not have the required permissions for the parameter "
            f"'individual' on account '{made.id}'."
        )
        answer = await wire.send(
            "POST", f"/v1/accounts/{made.id}", {"company[name]": "x", "business_type": "company"}
        )
        assert "for the parameters 'business_type', 'company' on" in answer.error["message"]
        changed = await sdk.v1.accounts.update_async(
            made.id,
            {
                "metadata": {"a": "1"},
                "business_profile": {"url": "https://rosen.example"},
                "settings": {"payouts": {"schedule": {"interval": "daily"}}},
            },
        )
        assert changed.business_profile is not None
        assert changed.business_profile.url == "https://rosen.example"

    async def test_the_platform_collects_and_keeps_writing(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(CUSTOM)
        await sdk.v1.account_links.create_async(free({**LINK, "account": made.id}))
        seen = await sdk.v1.accounts.update_async(
            made.id, {"business_type": "individual", "individual": {"first_name": "Ann"}}
        )
        assert seen.individual is not None
        assert seen.individual.first_name == "Ann"

    async def test_a_new_bank_account_replaces_the_default(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(free({**CUSTOM, "external_account": BANK}))
        seen = await sdk.v1.accounts.update_async(made.id, {"external_account": "btok_us"})
        assert made.external_accounts is not None
        assert seen.external_accounts is not None
        assert len(seen.external_accounts.data) == 1
        assert seen.external_accounts.data[0].id != made.external_accounts.data[0].id

    async def test_the_platform_itself_is_not_to_be_changed(self, wire: Wire) -> None:
        own = (await wire.send("GET", "/v1/account")).json
        assert own["controller"] == {"type": "account"}
        answer = await wire.send("POST", f"/v1/accounts/{own['id']}", {"metadata[a]": "1"})
        assert answer.status == 403
        answer = await wire.send("DELETE", f"/v1/accounts/{own['id']}")
        assert answer.status == 400


class TestActing:
    async def test_an_account_sees_itself_only(self, wire: Wire) -> None:
        one = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
        two = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
        own = await wire.send("GET", f"/v1/accounts/{one}", stripe_account=one)
        assert own.json["controller"] == {"type": "application"}
        other = await wire.send("GET", f"/v1/accounts/{two}", stripe_account=one)
        assert other.status == 403
        for method, path in (("GET", "/v1/accounts"), ("POST", "/v1/accounts")):
            refused = await wire.send(method, path, stripe_account=one)
            assert refused.status == 400
            assert refused.error["message"].startswith("You must have a client application set")


class TestDelete:
    async def test_deleted_is_gone(self, sdk: stripe.StripeClient, wire: Wire) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        gone = await wire.send("DELETE", f"/v1/accounts/{made.id}")
        assert gone.json == {"id": made.id, "object": "account", "deleted": True}
        with pytest.raises(stripe.PermissionError):
            await sdk.v1.accounts.retrieve_async(made.id)
        with pytest.raises(stripe.PermissionError):
            await sdk.v1.accounts.delete_async(made.id)

    async def test_live_standard_accounts_stay(self, live: stripe.StripeClient) -> None:
        standard = await live.v1.accounts.create_async({"type": "standard"})
        express = await live.v1.accounts.create_async(EXPRESS)
        with pytest.raises(stripe.PermissionError):
            await live.v1.accounts.delete_async(standard.id)
        assert (await live.v1.accounts.delete_async(express.id)).deleted is True


@pytest.mark.parametrize("country", ["US", "DE", "GB", "FR", "AU", "JP", "CA", "BR", "IE"])
@pytest.mark.parametrize("kind", ["individual", "company", "non_profit", "government_entity"])
async def test_every_country_owes_something_sensible(
    sandbox: Sandbox, wire: Wire, country: str, kind: str
) -> None:
    form = {"type": "express", "country": country, "business_type": kind}
    made = (await wire.send("POST", "/v1/accounts", form)).json
    due = made["requirements"]["currently_due"]
    prefix = "individual" if kind == "individual" else "representative"
    name = "first_name_kanji" if country == "JP" else "first_name"
    assert f"{prefix}.{name}" in due
    assert ("company.name" in due) is (kind != "individual")
    assert "business_type" not in due
    assert due == sorted(set(due))
    done = await wire.send("POST", f"/_sandbox/accounts/{made['id']}/complete")
    assert done.json["requirements"]["currently_due"] == []
    assert (done.json["charges_enabled"], done.json["payouts_enabled"]) == (True, True)
    assert sandbox.worlds
