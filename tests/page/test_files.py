"""The page's files: complete, self-contained, and without any way to turn text into markup."""

import re
from pathlib import Path

import pytest

from tests.page.canned import PAGE

SCRIPTS = sorted(PAGE.glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_can_turn_text_into_markup(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "srcdoc",
    ):
        assert way not in source


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_import_is_a_file_of_the_page(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    for imported in re.findall(r'from "([^"]+)"', source):
        assert imported.startswith("./")
        assert (PAGE / imported).is_file()


def test_nothing_is_fetched_from_elsewhere() -> None:
    index = (PAGE / "index.html").read_text(encoding="utf-8")
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', index)
    assert all(one.startswith(("/page/", "data:")) for one in addresses)
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in index
