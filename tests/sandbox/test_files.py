"""Are papers taken, looked at, and held against what they are for?"""

import io
import random
import zlib
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import CUSTOM, KEY, Wire, client, free
from tests.sandbox.test_shapes import check

PDF = b"%PDF-1.7 a harbour"
BOUNDARY = "harbour"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def body(data: bytes | None, **fields: str) -> bytes:
    """Return a multipart body with text fields and, unless it is `None`, a file."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    if data is not None:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="p.png"\r\n\r\n'
        )
        parts.append(head.encode() + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


async def upload(
    wire: Wire, data: bytes | None, content_type: str = MULTIPART, **fields: str
) -> Any:  # noqa: ANN401 - an answer
    return await wire.send("POST", "/v1/files", body(data, **fields), content_type=content_type)


def png(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large, in colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(25))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


PICTURE = png(8, 8)


async def test_the_sdk_uploads(sandbox: Sandbox, wire: Wire) -> None:
    sdk = client(sandbox)
    form = {"purpose": "identity_document", "file": io.BytesIO(PICTURE)}
    made = await sdk.v1.files.create_async(free(form))
    assert (made.purpose, made.type, made.size) == ("identity_document", "png", len(PICTURE))
    read = await wire.send("GET", f"/v1/files/{made.id}")
    check(stripe.File, read.json, "file")
    assert (await sdk.v1.files.list_async({"purpose": "identity_document"})).data[0].id == made.id
    assert (await sdk.v1.files.list_async({"purpose": "business_logo"})).data == []


REFUSED: list[tuple[bytes | None, dict[str, str], str, str]] = [
    (None, {"purpose": "identity_document"}, "file", "Missing required param: file."),
    (PICTURE, {}, "purpose", "Missing required param: purpose."),
    (PICTURE, {"purpose": "love_letter"}, "purpose", "must be one of"),
    (PICTURE, {"purpose": "selfie"}, "purpose", "must be one of"),
    (b"", {"purpose": "identity_document"}, "file", "empty"),
    (b"GIF89a", {"purpose": "identity_document"}, "file", "not supported"),
    (PDF, {"purpose": "business_logo"}, "file", "not supported"),
    (png(8001, 8), {"purpose": "business_logo"}, "file", "too large"),
    (PICTURE, {"purpose": "pci_document"}, "file", "not supported"),
    (b"x" * 300_000, {"purpose": "issuing_regulatory_reporting"}, "file", "maximum allowed size"),
    (PICTURE + bytes(1 << 19), {"purpose": "business_logo"}, "file", "maximum allowed size"),
    (
        PICTURE,
        {"purpose": "identity_document", "file_link_data[create]": "true"},
        "file_link_data[create]",
        "cannot create a file link",
    ),
    (
        PDF,
        {
            "purpose": "pci_document",
            "file_link_data[create]": "true",
            "file_link_data[expires_at]": "1",
        },
        "file_link_data[expires_at]",
        "in the future",
    ),
    (PICTURE, {"purpose": "business_logo", "surprise": "1"}, "surprise", "unknown parameter"),
]


@pytest.mark.parametrize(("data", "fields", "param", "message"), REFUSED)
async def test_refused(
    wire: Wire, data: bytes | None, fields: dict[str, str], param: str, message: str
) -> None:
    answer = await upload(wire, data, **fields)
    assert (answer.status, answer.error["param"]) == (400, param)
    assert message in answer.error["message"]
    assert (await wire.send("GET", "/v1/files")).json["data"] == []


@pytest.mark.parametrize(
    ("content_type", "sent"),
    [
        ("application/x-www-form-urlencoded", b"purpose=identity_document&file=x"),
        ("multipart/form-data", body(PICTURE, purpose="identity_document")),
        (MULTIPART, b""),
        (MULTIPART, body(PICTURE, purpose="identity_document")[:-20]),
        (MULTIPART, body(PICTURE, purpose="identity_document").replace(b"\r\n\r\n", b"\r\n")),
        (MULTIPART, b"--harbour\r\n" * 5000),
        (
            MULTIPART,
            body(PICTURE, purpose="identity_document").replace(
                b'"purpose"', b'"purpose"\r\nContent-Type: text/plain; charset=none'
            ),
        ),
        ("multipart/form-data; boundary=" + "x" * 5000, body(PICTURE)),
        ("application/json", b'{"purpose": "identity_document"}'),
        (MULTIPART, body(None, **{f"purpose[{place}]": "x" for place in range(200)})),
    ],
)
async def test_broken_bodies(wire: Wire, content_type: str, sent: bytes) -> None:
    answer = await wire.send("POST", "/v1/files", sent, content_type=content_type)
    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"


@pytest.mark.parametrize("seed", range(4))
async def test_any_bytes_get_an_answer(wire: Wire, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    jpeg = b"\xff\xd8\xff\xe0" + chance.randbytes(60)
    for whole in (PICTURE, jpeg, b"GIF89a" + chance.randbytes(6)):
        sent = bytearray(body(whole, purpose="business_logo"))
        for _ in range(60):
            sent[chance.randrange(len(sent))] = chance.randrange(256)
            cut = bytes(sent[: chance.randrange(len(sent)) if chance.random() < 0.3 else None])
            answer = await wire.send("POST", "/v1/files", cut, content_type=MULTIPART)
            assert answer.status in {200, 400}, answer.body


async def test_how_long_they_live(wire: Wire) -> None:
    made = [
        (await upload(wire, PICTURE, purpose=purpose)).json
        for purpose in ("identity_document", "customer_signature")
    ]
    assert made[0]["expires_at"] is None
    assert made[1]["expires_at"] - made[1]["created"] == 7 * 24 * 3600


async def test_sizes(wire: Wire) -> None:
    largest = PDF.ljust(10 * 1024 * 1024, b"x")
    assert (await upload(wire, largest, purpose="account_requirement")).status == 200
    more = await upload(wire, largest + b"x", purpose="account_requirement")
    assert (more.status, more.error["param"]) == (400, "file")
    assert (await upload(wire, largest * 2, purpose="account_requirement")).status == 413


async def test_links(wire: Wire) -> None:
    fields = {"purpose": "dispute_evidence", "file_link_data[create]": "true"}
    fields |= {"file_link_data[expires_at]": "1900000000", "file_link_data[metadata][a]": "1"}
    made = (await upload(wire, PDF, **fields)).json
    link = made["links"]["data"][0]
    assert link["url"].endswith(link["id"])
    assert (link["expires_at"], link["metadata"], link["expired"]) == (
        1900000000,
        {"a": "1"},
        False,
    )
    assert made["type"] == "pdf"
    check(stripe.File, made, "file")


async def test_documents_must_be_there(wire: Wire, sdk: stripe.StripeClient) -> None:
    account_id = (await sdk.v1.accounts.create_async(free(CUSTOM))).id
    param = "individual[verification][document][front]"
    path = f"/v1/accounts/{account_id}"
    unknown = await wire.send("POST", path, {param: "file_nobody"})
    assert (unknown.status, unknown.error["code"]) == (400, "resource_missing")
    assert (unknown.error["param"], unknown.error["message"]) == (
        param,
        "No such file upload: 'file_nobody'",
    )
    logo = (await upload(wire, PICTURE, purpose="business_logo")).json["id"]
    assert (await wire.send("POST", path, {param: logo})).error["param"] == param
    good = (await upload(wire, PICTURE, purpose="identity_document")).json["id"]
    assert (await wire.send("POST", path, {param: good})).status == 200
    expanded = f"{path}?expand[]=individual.verification.document.front"
    shown = (await wire.send("GET", expanded)).json["individual"]["verification"]["document"]
    assert (shown["front"]["object"], shown["front"]["id"]) == ("file", good)
    files = {"documents[proof_of_address][files][0]": "file_nobody"}
    listed = await wire.send("POST", path, files)
    assert listed.error["param"] == "documents[proof_of_address][files][0]"


@pytest.mark.parametrize("part", ["icon", "logo"])
async def test_branding_needs_its_own_pictures(
    wire: Wire, sdk: stripe.StripeClient, part: str
) -> None:
    path = f"/v1/accounts/{(await sdk.v1.accounts.create_async(free(CUSTOM))).id}"
    param = f"settings[branding][{part}]"
    other = {"icon": "logo", "logo": "icon"}[part]
    wrong = (await upload(wire, PICTURE, purpose=f"business_{other}")).json["id"]
    for file_id in ("file_nobody", wrong):
        assert (await wire.send("POST", path, {param: file_id})).error["param"] == param
    right = (await upload(wire, PICTURE, purpose=f"business_{part}")).json["id"]
    shown = await wire.send("POST", path, {param: right, "expand[]": f"settings.branding.{part}"})
    assert shown.json["settings"]["branding"][part]["purpose"] == f"business_{part}"


async def test_files_belong_to_whoever_uploaded_them(wire: Wire, sdk: stripe.StripeClient) -> None:
    account_id = (await sdk.v1.accounts.create_async(free(CUSTOM))).id
    sent = body(PICTURE, purpose="identity_document")
    made = await wire.send(
        "POST", "/v1/files", sent, content_type=MULTIPART, stripe_account=account_id
    )
    path = f"/v1/files/{made.json['id']}"
    assert (await wire.send("GET", path, stripe_account=account_id)).status == 200
    assert (await wire.send("GET", path)).status == 404
    theirs = await wire.send("GET", "/v1/files", stripe_account=account_id)
    assert [each["id"] for each in theirs.json["data"]] == [made.json["id"]]
    assert (await wire.send("GET", "/v1/files")).json["data"] == []
    wire.key = f"{KEY}_other"
    assert (await wire.send("GET", path)).error["code"] == "resource_missing"


async def test_stripes_test_files_are_in_every_world(wire: Wire) -> None:
    answer = await wire.send("GET", "/v1/files/file_identity_document_success")
    check(stripe.File, answer.json, "file")
