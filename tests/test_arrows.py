"""The imports go one way only: the diagram of ``bot/__init__.py``, module by module."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage")

MAY_IMPORT = {
    "bot": "",
    "bot.domain": "bot.domain",
    "bot.language": "bot.language bot.domain",
    "bot.services": "bot.services bot.domain",
    "bot.views": "bot.views bot.domain bot.language",
    "bot.settings": "",
    "bot.manifest": "",
    "bot.traces": "",
    "bot.directory": "bot.domain",
    "bot.rendering": "bot.services bot.views bot.domain",
    "bot.courier": "bot.courier bot.rendering bot.views bot.services bot.directory bot.domain "
    "storage",
    "bot.app": "handlers storage bot.courier bot.directory bot.settings bot.rendering "
    "bot.services bot.domain bot.views bot.traces",
    "bot.doctor": "bot.app bot.directory bot.settings bot.manifest bot.services bot.domain "
    "bot.language storage",
    "bot.sandbox": "bot.sandbox",
    "bot.demo": "bot.app bot.courier bot.sandbox bot.settings bot.manifest bot.domain",
    "bot.__main__": "bot storage",
    "handlers": "handlers bot.services bot.views bot.language bot.directory bot.courier "
    "bot.settings bot.domain storage",
    "storage": "storage bot.domain",
}
"""What each room may import of the project; the longest name that fits a module counts."""

ONLY = {
    "sqlalchemy": "storage",
    "alembic": "storage",
    "psycopg": "storage",
    "slack_bolt": "handlers bot.app",
    "apscheduler": "bot.app",
    "slack_sdk": "bot.courier bot.directory bot.app bot.doctor handlers bot.sandbox",
}
"""Who may import a library that has one home."""


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def room(module: str) -> str:
    """The longest row of the table that the module belongs to."""
    fits = [row for row in MAY_IMPORT if module == row or module.startswith(row + ".")]
    if module != "bot" and fits == ["bot"]:
        pytest.fail(f"{module} stands in no room of the table")
    return max(fits, key=len)


def imports(path: Path, module: str) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports, and whether only for the type checker."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, id(node) in typing_only
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            base = node.module or ""
            for name in node.names:
                inner = f"{base}.{name.name}"
                exists = (ROOT / inner.replace(".", "/")).with_suffix(".py").exists() or (
                    ROOT / inner.replace(".", "/") / "__init__.py"
                ).exists()
                yield (inner if exists else base), id(node) in typing_only


def belongs(module: str, rooms: str) -> bool:
    return any(module == name or module.startswith(name + ".") for name in rooms.split())


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: str(value))
def test_a_module_imports_only_what_its_room_may(module: str, path: Path) -> None:
    own = room(module)
    for imported, typing_only in imports(path, module):
        top = imported.split(".")[0]
        if top in PACKAGES:
            if typing_only and own == "bot.services" and belongs(imported, "storage"):
                continue  # services name the Store for the type checker only
            if imported == "bot":
                continue  # the version
            assert belongs(imported, MAY_IMPORT[own]), f"{module} may not import {imported}"
        elif top == "tests":
            pytest.fail(f"{module} imports tests")
        elif homes := ONLY.get(top):
            assert belongs(module, homes), f"{module} may not import {imported}"


def test_the_domain_uses_the_standard_library_only() -> None:
    for module, path in modules():
        if belongs(module, "bot.domain"):
            for imported, _ in imports(path, module):
                top = imported.split(".")[0]
                assert top in sys.stdlib_module_names or belongs(imported, "bot.domain"), (
                    f"{module} imports {imported}"
                )


def test_a_forbidden_import_is_found(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from handlers import tables\nimport storage.tables as t\n")
    found = [name for name, _ in imports(bad, "bot.domain.bad")]
    assert found == ["handlers.tables", "storage.tables"]
    assert not any(belongs(name, MAY_IMPORT["bot.domain"]) for name in found)


def test_importing_starts_nothing() -> None:
    """No thread, no process, no connection and no file is opened for writing by any import."""
    names = [
        name
        for name, _ in modules()
        # The command line runs when imported as a script; Alembic alone runs its environment.
        if name != "bot.__main__" and not name.startswith("storage.migrations")
    ]
    watched = f"""
import importlib, sys, threading
seen, module = [], ""
starts = {{"socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen",
          "_thread.start_new_thread"}}
def hook(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if event in starts or writes:
        seen.append((module, event, args))
sys.dont_write_bytecode = True
sys.addaudithook(hook)
for module in {names!r}:
    importlib.import_module(module)
assert not seen, seen
assert threading.active_count() == 1
"""
    done = subprocess.run(
        [sys.executable, "-c", watched], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
