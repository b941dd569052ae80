"""B4: how many calls a second does the gateway lend the key for, each of them written down?

A POST of 150 bytes and a GET of 6 KB, over many lines at once, each with the caller's own token
and a cookie. nginx is told to do the least: replace one header, drop another, send it on. The
other peer is what one writes in an afternoon. Guards: the upstream has seen the platform's key on
every request and no caller's credential on any; each of our calls has its closed row.
"""

import asyncio
import http.client
import json
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from aboard.app import open_platform
from aboard.core.caller import Caller
from aboard.core.lending.callers import CallLimits
from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import add_caller
from aboard.flows.lending.tokens import add_token
from aboard.settings import load_settings
from benchmarks.contest import Contest, Contestant, LeftOut, Sample, WrongAnswer
from benchmarks.databases import SqliteDatabase
from benchmarks.load import Answer, Request, drive
from benchmarks.metered import Metered
from benchmarks.processes import Server, cores, free_port, pinned
from benchmarks.ratios import Better, Target
from benchmarks.serving import ABOARD, STRIPE_KEY, migrate, peer_running, running, settings

CONNECTIONS = 32
SECONDS, QUICK_SECONDS = 2.0, 0.5
NGINX, FASTAPI = "nginx, proxy_pass", "FastAPI, httpx"
TO_NGINX, TO_FASTAPI = Target(0.06, 0.25), Target(10, 40)
UPSTREAM = (sys.executable, "-m", "benchmarks.peers.lent_upstream")
_ROWS = "SELECT outcome, COUNT(*) FROM gateway_calls GROUP BY outcome"
_FORM = (
    "account={account}&type=account_onboarding&refresh_url=https%3A%2F%2Fa.example%2Fagain"
    "&return_url=https%3A%2F%2Fa.example%2Fdone&collect=currently_due"
)
_NGINX = """daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream stripe {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://stripe; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Cookie "";
      proxy_set_header Authorization "Bearer {key}";
    }}
  }}
}}
"""


def requests(kind: str, token: str) -> Iterator[Request]:
    """Yield calls without end, each about an account of its own."""
    number = 0
    while True:
        yield Request(number, _raw(kind, f"acct_bench{number:010d}", token))
        number += 1


def _raw(kind: str, account: str, token: str) -> bytes:
    common = (
        f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nCookie: session=caller-secret\r\n"
        "User-Agent: Stripe/v1 PythonBindings/16.1.0\r\nStripe-Version: 2026-10-28.endive\r\n"
    )
    if kind == "GET":
        return f"GET /v1/accounts/{account} HTTP/1.1\r\n{common}\r\n".encode()
    body = _FORM.format(account=account)
    return (
        f"POST /v1/account_links HTTP/1.1\r\n{common}Content-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    ).encode()


def judge(answers: list[Answer]) -> None:
    """Look at every answer: each is about the account that was asked for.

    Raises:
        WrongAnswer: another status, or somebody else's answer.
    """
    for answer in answers:
        if answer.status != 200 or f"acct_bench{answer.caller:010d}".encode() not in answer.body:
            raise WrongAnswer(f"status {answer.status}: {answer.body[:300]!r}")


@dataclass
class Side:
    """A server that lends the key."""

    metered: Metered
    measure: Callable[[], Sample]
    upstream: Server
    database: SqliteDatabase | None = None
    answered: int = 0

    def check(self) -> None:
        """Ask the upstream what came, and count the rows.

        Raises:
            WrongAnswer: a credential of a caller's went up, or a call has no closed row.
        """
        with closing(http.client.HTTPConnection("127.0.0.1", self.upstream.port)) as line:
            line.request("GET", "/count")
            told = json.loads(line.getresponse().read())
        if told["leaked"]:
            raise WrongAnswer(f"{self.metered.name}: {told['leaked']} requests leaked")
        if told["asked"] < self.answered:
            raise WrongAnswer(f"{self.metered.name}: answers that nobody upstream gave")
        if self.database is not None:
            rows = {str(row[0]): row[1] for row in self.database.rows(_ROWS)}
            if rows != {"answered": self.answered}:
                raise WrongAnswer(f"{self.metered.name}: rows {rows} of {self.answered} calls")


@contextmanager
def contest(kind: str, *, is_quick: bool) -> Generator[Contest]:
    """Start all sides, each with an upstream of its own, and offer the contest; `kind` is a method.

    Raises:
        LeftOut: nginx is not installed here.
    """
    if shutil.which("nginx") is None:
        raise LeftOut("B4 needs nginx to compare with, and there is none on this machine")
    server_core, load_core = cores()
    seconds = QUICK_SECONDS if is_quick else SECONDS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="aboard-bench-")))
        stack.enter_context(pinned(load_core))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))

        def upstream() -> Server:
            port = free_port()
            described = Server("upstream", (*UPSTREAM, str(port)), core=load_core, port=port)
            return stack.enter_context(running(described, {}))

        def side(
            server: Server, behind: Server, token: str, database: SqliteDatabase | None = None
        ) -> Side:
            metered = Metered(server, (behind,))

            def measure() -> Sample:
                run, sample = metered.sample(
                    lambda: runner.run(
                        drive(
                            server.port,
                            requests(kind, token),
                            connections=CONNECTIONS,
                            seconds=seconds,
                        )
                    )
                )
                judge(run.answers)
                made.answered += len(run.answers)
                return sample

            made = Side(metered, measure, behind, database)
            return made

        def ours(name: str, file: str) -> Side:
            database, behind = SqliteDatabase(folder / file), upstream()
            stripe = f"http://127.0.0.1:{behind.port}"
            migrate(database.address)
            token = runner.run(add_borrower(database.address, stripe))
            gateway = gateway_running(name, database.address, stripe, core=server_core)
            return side(stack.enter_context(gateway), behind, token, database)

        sides = [ours("aboard", "one.sqlite3"), ours("aboard again (A/A)", "two.sqlite3")]
        behind = upstream()
        sides.append(
            side(stack.enter_context(nginx_running(behind, folder, server_core)), behind, "t")
        )
        behind = upstream()
        environ = {
            "BENCH_STRIPE_API": f"http://127.0.0.1:{behind.port}",
            "BENCH_STRIPE_KEY": STRIPE_KEY,
        }
        peer = peer_running(FASTAPI, "lending_httpx", environ, core=server_core)
        sides.append(side(stack.enter_context(peer), behind, "caller-secret"))

        def check() -> None:
            for each in sides:
                each.check()

        rows = [Contestant(each.metered.name, each.measure) for each in sides]
        yield Contest(
            id="B4",
            title={
                "GET": "Lending the key for a GET of 6 KB, each call written down",
                "POST": "Lending the key for a POST of 150 bytes, each call written down",
            }[kind],
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            peers=(
                Contestant(NGINX, sides[2].measure, TO_NGINX),
                Contestant(FASTAPI, sides[3].measure, TO_FASTAPI),
            ),
            check=check,
            notes=lambda: _notes(sides),
        )


def _notes(sides: list[Side]) -> list[str]:
    answered = sum(side.answered for side in sides)
    ours = sum(side.answered for side in sides if side.database is not None)
    return [
        *(side.metered.note() for side in sides),
        f"{answered} requests reached an upstream with the platform's key and no caller's",
        f"{ours} of them are rows of ours, opened before and closed after; {CONNECTIONS} lines",
    ]


async def add_borrower(database: str, stripe: str) -> str:
    """Add a caller who may do both, as often as they like, and return their token."""
    loaded = load_settings(settings(database, stripe=stripe))
    operator = Caller(user_id="benchmark", is_operator=True)
    words = {Mode.TEST: ("accounts:read", "account_links:create")}
    terms = CallerTerms(words=words, limits=CallLimits(per_second=None))
    async with open_platform(loaded) as platform:
        caller = await add_caller(platform, operator, "benchmark", terms)
        return (await add_token(platform, operator, caller.id, Mode.TEST)).token.reveal()


def gateway_running(
    name: str, database: str, stripe: str, *, core: int
) -> AbstractContextManager[Server]:
    """Start `aboard gateway serve` over a migrated database, and end it."""
    port = free_port()
    environ = {**settings(database, stripe=stripe), "ABOARD_GATEWAY_PORT": str(port)}
    server = Server(name, (*ABOARD, "gateway", "serve"), core=core, port=port)
    return running(server, environ)


def nginx_running(upstream: Server, folder: Path, core: int) -> AbstractContextManager[Server]:
    """Start nginx with one worker and no log, and end it."""
    port = free_port()
    text = _NGINX.format(folder=folder, port=port, upstream=upstream.port, key=STRIPE_KEY)
    file = folder / "nginx.conf"
    file.write_text(text)
    command = ("nginx", "-p", str(folder), "-c", str(file))
    return running(Server(NGINX, command, core=core, port=port), {})
