"""A platform whose passwords cost something else."""

from dataclasses import replace

from aboard.flows.passwords import Passwords
from aboard.flows.platform import Platform


def with_passwords(platform: Platform, passwords: Passwords) -> Platform:
    return replace(platform, identity=replace(platform.identity, passwords=passwords))
