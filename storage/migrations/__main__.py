"""Write the first migration from ``storage/tables/``: ``python -m storage.migrations``.

Only until the first release. From then on a migration that somebody may have run is never
changed; the next one is added beside it.
"""

import subprocess
import sys
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import DefaultClause, create_engine
from sqlalchemy.sql.elements import False_, True_
from sqlalchemy.types import TypeDecorator

from storage.migrations import FOLDER
from storage.tables import metadata

HEADER = '''"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
readable_by = "0001"


def upgrade() -> None:
    """Make them all."""
'''


def _plain(kind: str, value: object, context: AutogenContext) -> str | Literal[False]:
    """Types as the database knows them, so that a migration stays what it was."""
    if kind == "type" and isinstance(value, TypeDecorator):
        return f"sa.{value.impl!r}"
    if (
        kind == "server_default"
        and isinstance(value, DefaultClause)
        and isinstance(value.arg, False_ | True_)
    ):
        return f"sa.{value.arg}()"  # each database writes it in its own way
    return False


def write_first(folder: Path) -> Path:
    """Write ``0001_first.py`` into a folder; returns its path."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        script = produce_migrations(context, metadata)
    engine.dispose()
    if script.upgrade_ops is None:
        raise SystemExit("there are no tables")
    body = render_python_code(script.upgrade_ops, render_item=_plain, render_as_batch=False)
    lines = [line for line in body.splitlines() if not line.strip().startswith("#")]
    path = folder / "0001_first.py"
    path.write_text(HEADER + "\n".join(lines) + "\n")
    for tidy in ("format", "check"):
        command = [sys.executable, "-m", "ruff", tidy, "--quiet", str(path)]
        subprocess.run(command, check=True)  # noqa: S603 - all of it is ours
    return path


if __name__ == "__main__":
    write_first(FOLDER / "versions")
