"""The explorer's snippets say exactly what its own request says, whatever is typed, and they run.

Each is run against a server that keeps what it was sent: curl by a shell, the official SDKs for
Python and Node by their interpreters, the TypeScript one after its compiler has agreed.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from aboard.core.lending.catalogue import all_operations, find_operation
from aboard.dashboard.lending import form_model
from tests.cli.commands import running
from tests.dashboard.snippets import NODE, NPM, Written, compile_all, form, install, run, write
from tests.house.tree import ROOT

pytestmark = [
    pytest.mark.load,
    pytest.mark.timeout(240),
    pytest.mark.skipif(NODE is None or NPM is None, reason="Node and npm are not on this machine"),
]

TOKEN = "aboard_test_words_of_a_caller"
LANGUAGES = ("curl", "python", "typescript")
PREFIXES = {"own listener": "", "below a path": "/gateway"}
HOSTILE = [
    "it's",
    '"; rm -rf ~; echo "',
    "$HOME `id` $(id) ${PATH}",
    "back\\slash\\n and\nline and\ttab",
    "a=b&c=d+e%20f",
    "@/etc/passwd",
    "-X DELETE",
    "{} [] {{}} {0} ${x}",
    "ünïcödé € 漢字 🙂 \u2028 \x7f",
    "'''\"\"\"",
    "#!comment // /* */",
    "<b>\\u0041</b>",
]


@dataclass
class Recorder:
    """What was asked, and where."""

    address: str
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def recording() -> Iterator[Recorder]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.requests.append((self.command, self.path, headers, body))
            content = b'{"id": "x_1", "object": "account"}'
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that the server asks for

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Recorder(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = install(tmp_path_factory.mktemp("node"))
    (folder / "front side.png").write_bytes(b"\x89PNG words")
    return folder


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    with recording() as started:
        yield started


@pytest.fixture(scope="module")
def written(recorder: Recorder, place: Path) -> dict[tuple[str, str], Written]:
    """Return what the explorer makes of every case, its TypeScript compiled."""
    names = [(name, prefix) for name in CASES for prefix in PREFIXES.values()]
    forms = [
        form(operation(CASES[name][0]), recorder.address + prefix, **CASES[name][1])
        for name, prefix in names
    ]
    found = dict(zip(names, write(forms), strict=True))
    snippets = {program(*case): made.snippets["typescript"] for case, made in found.items()}
    compile_all(snippets, place)
    return found


def program(name: str, prefix: str) -> str:
    return f"{name} {prefix}".translate(str.maketrans(" ,/", "---"))


def operation(name: str) -> dict[str, Any]:
    found = find_operation(name)
    assert found is not None, name
    return form_model.form_of(found)


def said(body: bytes | str, kind: str) -> Any:  # noqa: ANN401 - form or JSON
    text = body if isinstance(body, str) else body.decode()
    if kind == "json":
        return json.loads(text or "{}")
    return sorted(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)))


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "a link": (
        "account_links.create",
        {
            "body": {
                "account": "acct_1Ada",
                "type": "account_onboarding",
                "refresh_url": "https://example.com/again?a=1&b=2#three",
                "return_url": "https://example.com/back",
                "collection_options": {"fields": "eventually_due"},
                "expand": ["account", "x y"],
            }
        },
    ),
    "nested, typed and cleared": (
        "accounts.create",
        {
            "body": {
                "type": "custom",
                "country": "US",
                "capabilities": {"transfers": {"requested": True}},
                "tos_acceptance": {"date": 1767225600, "ip": "127.0.0.1"},
                "business_profile": {"url": "", "mcc": "5734"},
                "metadata": {f"key {number}": text for number, text in enumerate(HOSTILE)},
            },
            "header": {"idempotency_key": "once 'and' only"},
        },
    ),
    "hostile keys": (
        "accounts.update",
        {
            "path": {"account": "acct_1Ada"},
            "body": {"metadata": {"__proto__": "a", "a=b&c": "1", "@x": "2", "it's": "3"}},
        },
    ),
    "a query": (
        "accounts.list",
        {
            "query": {"limit": 3, "created": {"gte": 1767225600}},
            "header": {"stripe_account": "acct_1Ada"},
        },
    ),
    "two in the path": (
        "persons.retrieve",
        {"path": {"account": "acct_1Ada", "person": "person_1/of?two"}},
    ),
    "nothing but a path": ("accounts.delete", {"path": {"account": "acct_1Ada"}}),
    "v2": (
        "v2_core_accounts.create",
        {
            "body": {
                "contact_email": "it's@example.com",
                "configuration": {"recipient": {"capabilities": {}}},
                "include": ["identity", "defaults"],
                "metadata": {"text": "\n".join(HOSTILE)},
            }
        },
    ),
    "a file": (
        "files.create",
        {
            "body": {
                "file": {"$file": "front side.png", "type": "image/png", "content": "words"},
                "purpose": "identity_document",
            }
        },
    ),
    "a query in v2": (
        "v2_core_accounts.retrieve",
        {"path": {"id": "acct_1Ada"}, "query": {"include": ["identity", "requirements"]}},
    ),
}


def test_every_operation_has_its_calls(place: Path) -> None:
    assert set(form_model.sdk_calls()) == {each.id for each in all_operations()}
    script = ROOT / "scripts" / "write_sdk_calls.py"
    package = place / "node_modules" / "stripe"
    subprocess.run([sys.executable, script, "--check", package], check=True, timeout=60)  # noqa: S603 - our own script


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
@pytest.mark.parametrize("name", CASES)
def test_all_three_send_what_the_page_sends(
    name: str,
    prefix: str,
    recorder: Recorder,
    written: dict[tuple[str, str], Written],
    place: Path,
) -> None:
    made = written[name, prefix]
    request = made.request
    wanted = urlsplit(prefix + request["path"])
    kind = operation(CASES[name][0])["body"]
    for language in LANGUAGES:
        recorder.requests.clear()
        snippet = made.snippets[language]
        assert TOKEN not in snippet
        ran = run(language, snippet, TOKEN, place, program(name, prefix))
        assert ran.code == 0, (language, snippet, ran)
        ((method, target, headers, body),) = recorder.requests
        asked = urlsplit(target)
        assert method == request["method"], language
        assert asked.path == wanted.path, (language, snippet)
        assert said(asked.query, "form") == said(wanted.query, "form"), (language, snippet)
        if kind == "multipart":
            assert headers["content-type"].startswith("multipart/form-data; boundary=")
            for part in (b"\x89PNG words", b"identity_document", b"front side.png"):
                assert part in body, (language, part)
        elif request["body"] is not None:
            assert said(body, kind) == said(request["body"], kind), (language, snippet)
        assert headers["authorization"] == f"Bearer {TOKEN}"
        for header, value in request["headers"]:
            assert headers[header.lower()].split(";")[0] == value, (language, header)


def test_a_missing_argument_is_named() -> None:
    forms = [
        form(operation("account_links.create"), "http://localhost", body={"type": "x"}),
        form(operation("accounts.update"), "http://localhost"),
        form(
            operation("accounts.create"),
            "http://localhost",
            body={"external_account": {"object": "bank_account", "country": "US"}},
        ),
        form(operation("accounts.create"), "http://localhost"),
    ]
    assert [each.missing for each in write(forms)] == [
        "body.account",
        "path.account",
        "body.external_account.account_number",
        None,
    ]


def test_they_call_the_sandbox_through_the_gateway(place: Path) -> None:
    with running("demo", cwd=place) as demo:
        token = demo.wait_for("CALLER_TOKEN=").strip().partition("=")[2]
        service, gateway = (
            demo.wait_for(f"  {name} ").split()[1] for name in ("service", "gateway")
        )
        for number, address in enumerate((gateway, f"{service}/gateway")):
            listing = form(operation("accounts.list"), address, query={"limit": 1})
            ran = run("curl", write([listing])[0].snippets["curl"], token, place)
            account_id = json.loads(ran.out)["data"][0]["id"]
            links = {
                "account": account_id,
                "type": "account_onboarding",
                "refresh_url": "https://market.example/again?a=1&b=it's",
                "return_url": "https://market.example/back",
            }
            (made,) = write([form(operation("account_links.create"), address, body=links)])
            name = f"through-the-gateway-{number}"
            compile_all({name: made.snippets["typescript"]}, place)
            for language in LANGUAGES:
                ran = run(language, made.snippets[language], token, place, name)
                assert ran.code == 0, (language, ran)
                assert "account_link" in ran.out, (language, ran)
                assert "/setup/" in ran.out, (language, ran)
