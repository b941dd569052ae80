"""Are forms and parameters read as Stripe reads them, and refused in its words?"""

import pytest

from tests.sandbox.conftest import Wire

UNKNOWN_COUNTRY = (
    "Country 'usa' is unknown. Try using a 2-character alphanumeric country code instead, such as "
    "'US', 'EG', or 'GB'. A full list of country codes is available at https://stripe.com/global."
)


class TestForms:
    async def test_json_is_refused(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/accounts", "{}", content_type="application/json")
        assert answer.status == 400
        assert "application/x-www-form-urlencoded" in answer.error["message"]

    @pytest.mark.parametrize(
        ("form", "message"),
        [
            ("a]b=1", "Invalid parameter name: a]b"),
            ("metadata[a=1", "Invalid parameter name: metadata[a"),
            ("[a]=1", "Invalid parameter name: [a]"),
            ("metadata=1&metadata[a]=1", "is given in two ways"),
            ("metadata[a]=1&metadata=1", "is given in two ways"),
            ("metadata[]=1&metadata[a]=1", "is given in two ways"),
            ("metadata" + "[a]" * 50 + "=1", "nested too deeply"),
            ("metadata[a][b]=1", "Invalid string"),
            ("metadata=1", "Invalid object"),
            ("email=%ff%fe", "Invalid UTF-8"),
            (b"email=\xff", "Invalid UTF-8"),
            ("&".join(f"metadata[k{n}]=1" for n in range(2100)), "Too many parameters"),
            ("business_profile[minority_owned_business_designation][1]=x", "from 0 without gaps"),
            ("expand[0]=a&expand[2]=b", "from 0 without gaps"),
        ],
    )
    async def test_malformed(self, wire: Wire, form: str | bytes, message: str) -> None:
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.status == 400, answer.body
        assert answer.error["type"] == "invalid_request_error"
        assert message in answer.error["message"]

    async def test_oversized(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/accounts", b"email=" + b"x" * (1 << 20))
        assert answer.status == 413

    @pytest.mark.parametrize(
        "form",
        [
            "expand[]=settings.branding.icon&expand[]=settings.branding.logo",
            "expand[0]=settings.branding.icon&expand[1]=settings.branding.logo",
        ],
    )
    async def test_both_ways_to_write_a_list(self, wire: Wire, form: str) -> None:
        assert (await wire.send("POST", "/v1/accounts", form)).status == 200

    async def test_unicode_survives(self, wire: Wire) -> None:
        form = {"metadata[名前]": "Zoë 🌱", "type": "express"}
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.json["metadata"] == {"名前": "Zoë 🌱"}


class TestParameters:
    @pytest.mark.parametrize(
        ("form", "code", "param", "message"),
        [
            (
                {"typ": "express"},
                "parameter_unknown",
                "typ",
                "Received unknown parameter: typ. Did you mean type?",
            ),
            (
                {"individual[first_nam]": "x"},
                "parameter_unknown",
                "individual[first_nam]",
                "Received unknown parameter: individual[first_nam]. Did you mean first_name?",
            ),
            (
                {"zzz": "1", "yyy": "2"},
                "parameter_unknown",
                "zzz",
                "Received unknown parameters: zzz, yyy",
            ),
            (
                {"type": "deluxe"},
                None,
                "type",
                "Invalid type: must be one of custom, express, or standard",
            ),
            (
                {"controller[fees][payer]": "nobody"},
                None,
                "controller[fees][payer]",
                "Invalid controller[fees][payer]: must be one of account or application",
            ),
            (
                {"individual[dob][day]": "first"},
                "parameter_invalid_integer",
                "individual[dob][day]",
                "Invalid integer: first",
            ),
            (
                {"individual[dob][day]": "32"},
                "parameter_invalid_integer",
                "individual[dob][day]",
                "This value must be less than or equal to 31.",
            ),
            (
                {"capabilities[transfers][requested]": "yes"},
                None,
                "capabilities[transfers][requested]",
                "Invalid boolean: yes",
            ),
            (
                {"email": "nobody"},
                "email_invalid",
                "email",
                "Invalid email address: nobody",
            ),
            (
                {"business_profile[url]": "not a url"},
                "url_invalid",
                "business_profile[url]",
                "Not a valid URL",
            ),
            (
                {"country": "usa"},
                "country_unsupported",
                "country",
                UNKNOWN_COUNTRY,
            ),
            (
                {"country": "KP"},
                "country_unsupported",
                "country",
                "KP is not currently supported by Stripe.",
            ),
            (
                {"metadata[" + "k" * 41 + "]": "x"},
                None,
                "metadata[" + "k" * 41 + "]",
                "Metadata keys must be under 40 characters long.",
            ),
            (
                {"metadata[k]": "x" * 501},
                None,
                "metadata[k]",
                "Metadata values must be under 500 characters long.",
            ),
            (
                {"expand[]": "individual"},
                None,
                "expand",
                "This property cannot be expanded (individual).",
            ),
            (
                {"expand[]": "a.b.c.d.e"},
                None,
                "expand",
                "You cannot expand more than 4 levels of a property. Property: a.b.c.d.e",
            ),
        ],
    )
    async def test_refused(
        self, wire: Wire, form: dict[str, str], code: str | None, param: str, message: str
    ) -> None:
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.status == 400
        assert answer.error["message"] == message
        assert answer.error.get("code") == code
        assert answer.error["param"] == param
        if code is not None:
            slug = code.replace("_", "-")
            assert answer.error["doc_url"] == f"https://stripe.com/docs/error-codes/{slug}"
        assert (await wire.send("GET", "/v1/accounts")).json["data"] == []

    async def test_missing(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/account_links", {"type": "account_onboarding"})
        assert answer.status == 400
        error = answer.error
        log = error.pop("request_log_url")
        assert log.startswith("https://dashboard.stripe.com/test/logs/req_")
        assert error == {
            "code": "parameter_missing",
            "doc_url": "https://stripe.com/docs/error-codes/parameter-missing",
            "message": "Missing required param: account.",
            "param": "account",
            "type": "invalid_request_error",
        }

    async def test_empty(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/account_links", {"account": ""})
        assert answer.error["code"] == "parameter_invalid_empty"
        assert answer.error["message"].startswith("You passed an empty string for 'account'.")

    async def test_too_much_metadata(self, wire: Wire) -> None:
        form = {f"metadata[k{n}]": "v" for n in range(51)}
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.status == 400
        assert answer.error["param"] == "metadata"

    async def test_expanding_a_list_needs_data(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/accounts?expand[]=settings.branding.icon")
        assert "'data.settings.branding.icon'" in answer.error["message"]
        answer = await wire.send("GET", "/v1/accounts?expand[]=data.settings.branding.icon")
        assert answer.status == 200
