"""Can a real file be uploaded, is a wrong one refused with Stripe's code, and is it then there?"""

import pytest

from aboard.sandbox.browser import Attachment, Page, SellerBrowser, walk_onboarding
from tests.sandbox.conftest import Wire, control
from tests.sandbox.hosted.conftest import HOSTED, RETURN, Platform, answer

DOCUMENT = "individual.verification.document"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64
PDF = b"%PDF-1.7\n" + b"\0" * 64


def _picture(data: bytes = PNG, name: str = "passport.png") -> Attachment:
    return Attachment(name, "image/png", data)


async def _asked(
    platform: Platform, browser: SellerBrowser, wire: Wire, requirement: str = DOCUMENT
) -> tuple[str, Page]:
    """Bring an account to the page that asks for a document."""
    account = await platform.account("custom")
    await walk_onboarding(browser, await platform.link(account))
    await control(wire, account, "require", requirement=requirement)
    page = await browser.get(await platform.link(account))
    assert page.title.startswith("Documents")
    return account, page


@pytest.mark.parametrize("data", [PNG, JPEG], ids=["png", "jpeg"])
async def test_uploaded_document_settles_the_requirement(
    platform: Platform, browser: SellerBrowser, wire: Wire, data: bytes
) -> None:
    account, page = await _asked(platform, browser, wire)
    assert page.form("step").is_multipart
    page = await browser.submit(
        page.form("step"), {f"{DOCUMENT}.upload": _picture(data), f"{DOCUMENT}.back": _picture()}
    )
    assert page.title.startswith("Review and finish")
    assert "file_" not in page.text
    assert "passport.png" in page.text
    page = await answer(browser, {})
    assert page.location == RETURN
    found = await platform.read(account)
    assert DOCUMENT not in found["requirements"]["currently_due"]
    document = found["individual"]["verification"]["document"]
    assert document["front"].startswith("file_")
    assert document["back"].startswith("file_")
    assert document["front"] != document["back"]
    file = await platform.sdk.v1.files.retrieve_async(
        document["front"], options={"stripe_account": account}
    )
    assert (file.purpose, file.filename, file.size) == (
        "identity_document",
        "passport.png",
        len(data),
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "verification_document_not_uploaded"),
        (b"GIF89a" + b"\0" * 64, "verification_document_type_not_supported"),
        (PDF, "verification_document_type_not_supported"),
        (b"<script>alert(1)</script>", "verification_document_type_not_supported"),
        (PNG + b"\0" * 10 * 1024 * 1024, "verification_document_too_large"),
    ],
    ids=["empty", "gif", "pdf", "script", "large"],
)
async def test_wrong_file_is_refused_with_its_code(
    platform: Platform, browser: SellerBrowser, wire: Wire, data: bytes, code: str
) -> None:
    account, page = await _asked(platform, browser, wire)
    page = await browser.submit(page.form("step"), {f"{DOCUMENT}.upload": _picture(data)})
    assert page.status == 422
    assert code in page.text
    assert f'href="#{DOCUMENT}"' in page.html
    assert DOCUMENT in (await platform.read(account))["requirements"]["currently_due"]


async def test_wrong_back_is_refused_too(
    platform: Platform, browser: SellerBrowser, wire: Wire
) -> None:
    _, page = await _asked(platform, browser, wire)
    page = await browser.submit(
        page.form("step"),
        {f"{DOCUMENT}.upload": _picture(), f"{DOCUMENT}.back": _picture(PDF)},
    )
    assert page.status == 422
    assert "verification_document_type_not_supported" in page.text


async def test_proof_of_address_may_be_a_pdf(
    platform: Platform, browser: SellerBrowser, wire: Wire
) -> None:
    proof = "individual.verification.additional_document"
    _, page = await _asked(platform, browser, wire, proof)
    page = await browser.submit(page.form("step"), {f"{proof}.upload": _picture(PDF, "bill.pdf")})
    assert page.title.startswith("Review and finish")


async def test_no_file_and_no_choice_is_missing(
    platform: Platform, browser: SellerBrowser, wire: Wire
) -> None:
    _, page = await _asked(platform, browser, wire)
    page = await browser.submit(page.form("step"))
    assert page.status == 422
    assert "information_missing" in page.text


async def test_test_document_can_still_be_chosen(
    platform: Platform, browser: SellerBrowser, wire: Wire
) -> None:
    _, page = await _asked(platform, browser, wire)
    page = await answer(browser, {DOCUMENT: "file_identity_document_success"})
    assert page.title.startswith("Review and finish")
    assert "A readable test document" in page.text


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"--y\r\n", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense", 400),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            (
                b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
                b"Content-Type: text/plain; charset=none\r\n\r\n1\r\n--x--\r\n"
            ),
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n1\r\n--x--\r\n',
            403,
        ),
        ("text/plain", b"a=b", 415),
    ],
)
async def test_unreadable_forms_are_refused_and_nothing_breaks(
    platform: Platform,
    browser: SellerBrowser,
    wire: Wire,
    content_type: str,
    body: bytes,
    status: int,
) -> None:
    _, page = await _asked(platform, browser, wire)
    path = page.form("step").action.removeprefix(HOSTED)
    (cookie,) = (c for c in browser.cookies if path.startswith(c.path))
    sent = await wire.send(
        "POST", path, body, content_type=content_type, cookie=f"{cookie.name}={cookie.value}"
    )
    assert sent.status == status


async def test_what_is_no_choice_is_no_document(
    platform: Platform, browser: SellerBrowser, wire: Wire
) -> None:
    account, page = await _asked(platform, browser, wire)
    form = page.form("step")
    for control_ in form.controls:
        if control_.name == DOCUMENT:
            control_.kind = "text"
    page = await browser.submit(form, {DOCUMENT: "file_made_up"})
    assert page.status == 422
    assert DOCUMENT in (await platform.read(account))["requirements"]["currently_due"]
