"""Two versions of the program at once: what a migration may do, and who may use what it leaves."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import migrations
from storage.database import Database
from storage.errors import DatabaseUnusable
from storage.migrations import FOLDER, HEAD, current
from storage.store import Store

EXPANDS = '''
"""Adds a table and two columns."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
readable_by = "0001"


def upgrade() -> None:
    op.create_table("novelty", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("heartbeat") as batch:
        batch.add_column(sa.Column("note", sa.Text()))
        batch.add_column(sa.Column("count", sa.Integer(), nullable=False, server_default="0"))
'''

CONTRACTS = '''
"""Takes away what only the first version used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
readable_by = "0002"


def upgrade() -> None:
    with op.batch_alter_table("heartbeat") as batch:
        batch.alter_column("name", new_column_name="what")
'''

_TAKES_AWAY = frozenset(
    {
        "drop_column",
        "drop_table",
        "rename_table",
        "create_unique_constraint",  # the version before may write what it forbids
        "create_check_constraint",
        "create_foreign_key",
        "create_exclude_constraint",
    }
)


def contracts(source: str) -> list[str]:
    """What a migration does that a version of the program from before it may stumble over."""
    return [_named(call) for call in _calls(source) if _takes_away(call)]


def _calls(source: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def _named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _takes_away(call: ast.Call) -> bool:
    name = _named(call)
    options = {each.arg: each.value for each in call.keywords}
    if name == "alter_column":
        strict = ast.unparse(options["nullable"]) == "False" if "nullable" in options else False
        return strict or bool({"new_column_name", "type_"} & set(options))
    if name == "add_column":
        return any(_has_to_be_given(each) for each in call.args)
    if name == "create_index":
        return "unique" in options and ast.unparse(options["unique"]) == "True"
    if name == "execute":
        words = ast.unparse(call).upper()
        return any(word in words for word in ("DROP", "RENAME", "SET NOT NULL", "ALTER COLUMN"))
    return name in _TAKES_AWAY


def _has_to_be_given(column: ast.expr) -> bool:
    if not isinstance(column, ast.Call):
        return False
    options = {each.arg: ast.unparse(each.value) for each in column.keywords}
    return options.get("nullable") == "False" and "server_default" not in options


def _said(source: str) -> dict[str, object]:
    """What a migration says of itself."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def check_steps(sources: list[str]) -> list[str]:
    """What is wrong with a row of migrations, the first of which makes the tables."""
    wrong = []
    readable = ""
    for number, source in enumerate(sources):
        said = _said(source)
        name, before = str(said["revision"]), said["down_revision"]
        oldest = str(said["readable_by"])
        if number and oldest > str(before):
            wrong.append(f"{name}: the version before cannot run beside it")
        if number and contracts(source) and oldest != before:
            wrong.append(f"{name}: {contracts(source)}, and says that {oldest} can bear it")
        if number and oldest < readable:
            wrong.append(f"{name}: gives back what an earlier step took away")
        readable = max(readable, oldest)
    return wrong


def test_every_migration_leaves_the_version_before_able_to_run() -> None:
    files = sorted(FOLDER.glob("versions/*.py"))
    assert files
    assert check_steps([each.read_text("utf-8") for each in files]) == []


@pytest.mark.parametrize(
    ("line", "takes_away"),
    [
        ('op.drop_table("delivery")', True),
        ('op.drop_column("delivery", "at")', True),
        ('op.rename_table("delivery", "arrival")', True),
        ('op.alter_column("delivery", "at", new_column_name="on")', True),
        ('op.alter_column("delivery", "at", nullable=False)', True),
        ('op.alter_column("delivery", "at", nullable=True)', False),
        ('op.alter_column("delivery", "at", type_=sa.Text())', True),
        ('op.add_column("delivery", sa.Column("by", sa.Text(), nullable=False))', True),
        ('op.add_column("d", sa.Column("n", sa.Text(), nullable=False, server_default=""))', False),
        ('op.add_column("delivery", sa.Column("by", sa.Text()))', False),
        ('op.create_index("ix", "delivery", ["at"])', False),
        ('op.create_index("uq", "delivery", ["at"], unique=True)', True),
        ('op.create_unique_constraint("uq", "delivery", ["at"])', True),
        ('op.execute("ALTER TABLE delivery RENAME TO arrival")', True),
        ('op.execute("UPDATE delivery SET receipt = NULL")', False),
    ],
)
def test_a_step_that_takes_something_away_is_noticed(line: str, takes_away: bool) -> None:
    assert bool(contracts(line)) is takes_away
    step = EXPANDS.replace('op.create_table("novelty"', f'{line}\n    op.create_table("novelty"')
    first = (FOLDER / "versions" / "0001_first.py").read_text("utf-8")
    third = step.replace("0002", "0003").replace('revision = "0001"', 'revision = "0002"')
    assert bool(check_steps([first, EXPANDS, third])) is takes_away


def test_a_step_after_which_the_version_before_cannot_run_is_noticed() -> None:
    first = (FOLDER / "versions" / "0001_first.py").read_text("utf-8")
    alone = EXPANDS.replace('readable_by = "0001"', 'readable_by = "0002"')
    assert check_steps([first, alone]) == ["0002: the version before cannot run beside it"]


class Release:
    """Stands for the version of the program that needs a migration: ``with release:``."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, *steps: str) -> None:
        self._patch = patch
        self._folder = folder
        self._head = f"{len(steps) + 1:04}"
        (folder / "versions").mkdir(parents=True)
        for file in (FOLDER / "env.py", FOLDER / "versions" / "0001_first.py"):
            (folder / file.relative_to(FOLDER)).write_text(file.read_text("utf-8"))
        for number, step in enumerate(steps, 2):
            (folder / "versions" / f"{number:04}_step.py").write_text(step)

    async def opens(self, url: str) -> Database:
        """Open a database as that version would."""
        with self._patch.context() as patched:
            patched.setattr(migrations, "HEAD", self._head)
            patched.setattr(migrations, "FOLDER", self._folder)
            return await Database.open(url)


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Release:
    return Release(monkeypatch, tmp_path / "second", EXPANDS)


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Release:
    return Release(monkeypatch, tmp_path / "third", EXPANDS, CONTRACTS)


def beats(store: Store) -> None:
    store.health.beat("tick")


def heard(store: Store) -> bool:
    return store.health.heartbeat("tick") is not None


async def test_while_a_new_version_is_put_in_place_the_old_one_goes_on(
    postgresql_url: str, second: Release
) -> None:
    old = await Database.open(postgresql_url)
    for _ in range(10):  # often enough for the driver to have prepared them
        await old.run(beats)
        assert await old.read(heard)
    new = await second.opens(postgresql_url)
    assert await new.read(current) == "0002"
    for _ in range(10):
        await old.run(beats)
        await new.run(beats)
        assert await old.read(heard)
        assert await new.read(heard)
    await new.close()
    await old.close()


async def test_the_old_version_can_be_started_again_on_tables_that_only_grew(
    database_url: str, second: Release
) -> None:
    await (await second.opens(database_url)).close()
    old = await Database.open(database_url)
    assert await old.read(current) == "0002"
    assert await old.read(migrations.usable)
    await old.run(beats)
    await old.close()


async def test_what_a_later_step_took_away_keeps_only_older_versions_out(
    database_url: str, second: Release, third: Release
) -> None:
    await (await third.opens(database_url)).close()
    with pytest.raises(DatabaseUnusable, match="newer version"):
        await Database.open(database_url)
    previous = await second.opens(database_url)
    assert await previous.read(current) == "0003"
    await previous.close()


async def test_new_tables_say_which_program_can_use_them(database_url: str) -> None:
    opened = await Database.open(database_url)
    assert await opened.read(migrations.usable)
    (last,) = FOLDER.glob(f"versions/{HEAD}_*.py")
    said = _said(last.read_text("utf-8"))
    stored = await opened.read(
        lambda store: store.connection.exec_driver_sql("SELECT oldest FROM compatibility").scalar()
    )
    assert stored == said["readable_by"]
    await opened.close()
