"""What does `aboard gateway explain` do? Shows the chain of a call that nobody makes.

Source: docs/gateway/policies.md, look before you load.
"""

from collections.abc import Sequence

from aboard.cli.exits import Exit
from aboard.cli.gateway.asking import Asking
from aboard.cli.terminal import Mark
from aboard.core.lending.refusals import RULINGS
from aboard.core.owner import Mode
from aboard.flows.lending.explaining import Asked, Step, explain_call
from aboard.flows.platform import Platform


class Explaining(Asking):
    """One call, explained."""

    def explain(
        self, caller: str, method: str, path: str, *, mode: str, accounts: Sequence[str]
    ) -> Exit:
        """Show each step, and how it would end."""
        asked = Asked(caller, Mode(mode), method, path, tuple(accounts))

        async def ask(platform: Platform) -> list[Step]:
            return [step async for step in explain_call(platform, asked)]

        steps = self._ask(ask)
        for step in steps:
            self._terminal.row(Mark.BAD if step.code else Mark.GOOD, step.name, step.told)
        code = steps[-1].code
        self._terminal.say()
        if code is None:
            self._terminal.say("It would go up to Stripe.", style="bold")
        else:
            told = f"It would be refused: {code.value}, status {RULINGS[code].status}."
            self._terminal.say(told, style="bold")
        self._terminal.document(
            {
                "allowed": code is None,
                "code": None if code is None else code.value,
                "steps": [
                    {
                        "name": step.name,
                        "told": step.told,
                        "word": step.word,
                        "code": None if step.code is None else step.code.value,
                    }
                    for step in steps
                ],
            }
        )
        return Exit.OK if code is None else Exit.CHECK_FAILED
