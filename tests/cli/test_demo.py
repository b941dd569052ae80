"""`aboard demo` from outside: a journey that ends well, or says where it differs."""

import json
import signal
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aboard.cli import servers
from aboard.cli.commands import app
from aboard.cli.demo.journey import Journey
from aboard.cli.demo.stage import open_stage
from aboard.cli.demo.steps import Step, StepDiffers, Story
from aboard.cli.terminal import Terminal
from aboard.sandbox import Sandbox
from tests.cli.commands import run, running
from tests.leaks import SecretsInPlay

STEPS = (
    "The organization asks for a link",
    "The seller walks the hosted pages",
    "Stripe's return lands",
    "The signed webhook arrives",
    "Nobody has to act",
    "Mara becomes a creator, and begins",
    "She opens the link, and leaves",
    "A fresh link takes her through",
    "Her status reads ACTIVE",
    "She opens Stripe's dashboard",
    "A used link goes to refresh",
    "A stranger gets no link from it",
    "A forged state is refused",
)


def test_once_walks_every_step_and_prints_nothing_that_opens_anything(
    tmp_path: Path, secrets_in_play: SecretsInPlay
) -> None:
    ended = run("demo", "--once", cwd=tmp_path)
    assert ended.code == 0, ended.out + ended.err
    for step in STEPS:
        assert f"✓ {step}" in ended.out
    assert f"{len(STEPS)} steps, all as they should be" in ended.out
    assert ended.err == ""
    assert "/setup/" not in ended.out
    assert "\x1b" not in ended.out
    secrets_in_play.look(ended.out, where="the demo's output")
    assert list(tmp_path.iterdir()) == []


def test_the_document_tells_the_same(tmp_path: Path, secrets_in_play: SecretsInPlay) -> None:
    database = tmp_path / "kept" / "demo.sqlite3"
    ended = CliRunner().invoke(app, ["demo", "--once", "--json", "--database", str(database)])
    assert ended.exit_code == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert document["ok"] is True
    assert document["failure"] is None
    assert [step["name"] for step in document["steps"]] == list(STEPS)
    assert all(step["ok"] and step["milliseconds"] > 0 for step in document["steps"])
    assert set(document["addresses"]) == {"sandbox", "service", "platform"}
    assert database.exists()
    secrets_in_play.look(ended.stdout, where="the demo's document")


def test_it_stays_up_until_told_and_leaves_nothing(tmp_path: Path) -> None:
    with running("demo", settings={"TMPDIR": str(tmp_path)}, cwd=tmp_path) as demo:
        demo.wait_for("Now click it yourself")
        address = demo.wait_for("  platform ").split()[1]
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - our own address
            assert b"Onboard the organization" in page.read()
        assert len(list(tmp_path.iterdir())) == 1
        ended = demo.stop(signal.SIGINT)
    assert ended.code == 0
    assert ended.err == ""
    assert "Stopped. Nothing is left behind." in ended.out
    assert list(tmp_path.iterdir()) == []


def test_a_journey_that_differs_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    # A review that takes an hour: the seller comes back, and is not complete yet.
    story = Story(Terminal())

    async def walk() -> None:
        async with open_stage(sandbox=Sandbox(review_seconds=3600)) as stage:
            await Journey(stage, story).walk()

    with pytest.raises(StepDiffers, match="outcome: expected 'complete', got 'pending'"):
        servers.run(walk())
    assert story.steps[-1].name == "Stripe's return lands"
    document = story.as_json()
    assert document["ok"] is False
    assert document["failure"] == {
        "step": "Stripe's return lands",
        "what": "outcome",
        "expected": "'complete'",
        "actual": "'pending'",
    }
    assert "✗ Stripe's return lands" in capsys.readouterr().out


def test_a_fault_in_a_step_is_told_without_its_words() -> None:
    story = Story(Terminal(is_json=True))
    with pytest.raises(StepDiffers, match="got LookupError"), story.step("Anything"):
        raise LookupError("http://127.0.0.1/words-that-open-something")
    assert "words-that-open" not in json.dumps(story.as_json())


def test_an_expectation_names_both_sides() -> None:
    step = Step("chapter", "name")
    step.expect("status", 200, 200, 201)
    with pytest.raises(StepDiffers, match="status: expected 200 or 201, got 404"):
        step.expect("status", 404, 200, 201)
