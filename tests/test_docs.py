"""The documents tell the truth about the settings, the verbs, the pictures and each other."""

import re
from pathlib import Path

import pytest

from tests import docs

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_readme_tells_each_verb_and_each_setting_as_the_code_does() -> None:
    text = docs.README.read_text("utf-8")
    assert docs.filled(text) == text, "run make docs"
    for made in (docs.verbs(), docs.settings()):
        assert made in text


def test_the_example_of_settings_names_each_with_its_meaning_and_default() -> None:
    assert docs.EXAMPLE.read_text("utf-8") == docs.example(), "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_link_and_picture_of_a_page_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text) + re.findall(r'src="([^"]+)"', text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_picture_says_what_it_shows(page: Path) -> None:
    text = page.read_text("utf-8")
    for said in re.findall(r"!\[([^\]]*)\]\(", text) + re.findall(r'alt="([^"]*)"', text):
        assert len(said.split()) >= 3, said


def test_each_picture_is_shown_somewhere() -> None:
    told = "".join(page.read_text("utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "screens").glob("*.png"):
        assert picture.name in told, picture.name


def test_the_readme_gives_the_two_commands() -> None:
    text = docs.README.read_text("utf-8")
    assert re.findall(r"```\n(make \w+)\n```", text) == ["make run", "make test"]
