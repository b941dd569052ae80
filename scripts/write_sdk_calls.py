"""Write down which calls of the official SDKs send which operation, for the explorer's snippets.

`write_sdk_calls.py [--check] FOLDER`: where the SDK for Node lies; the one for Python is the
installed one. With `--check` it only says whether the file is as it would be written.
"""

import json
import sys
from pathlib import Path

from sdk_calls import node_calls, python_calls, sdk_calls

from aboard.core.lending.catalogue import all_operations

TARGET = Path(__file__).parents[1] / "src" / "aboard" / "dashboard" / "lending" / "sdk_calls.json"


def main(arguments: list[str]) -> int:
    """Write the file anew, or say whether it has to be."""
    *flags, folder = arguments
    found = sdk_calls(all_operations(), python_calls(), node_calls(Path(folder)))
    text = json.dumps(found, indent=1) + "\n"
    if "--check" not in flags:
        TARGET.write_text(text, "utf-8")
    return int(TARGET.read_text("utf-8") != text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
