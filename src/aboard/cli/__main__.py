"""`python -m aboard.cli`: the command line of this very Python, wherever `aboard` is on the path.

Source: ADR-0028, deployment: processes are started by the interpreter that starts them.
"""

import sys

from aboard.cli import main

if __name__ == "__main__":
    sys.exit(main())
