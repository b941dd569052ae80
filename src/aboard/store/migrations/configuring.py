"""Where does Alembic find the migrations, and where does it write? Nothing comes from a file.

Source: Alembic's documentation, "Commands".
"""

from pathlib import Path
from typing import TextIO

from alembic.config import Config


def configuration(output: TextIO | None = None) -> Config:
    """Return Alembic's configuration; `output` takes the SQL where it is written out."""
    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
