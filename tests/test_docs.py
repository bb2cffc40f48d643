"""The documents tell the truth about the settings, the verbs and the command line."""

from pathlib import Path

from bot.settings import Settings, name_of

ROOT = Path(__file__).parent.parent


def test_the_example_of_settings_names_each_with_its_meaning_and_default() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    expected = []
    for field, info in Settings.model_fields.items():
        default = "" if info.default is None else info.default
        expected.append(f"# {info.description}\n# {name_of(field)}={default}\n")
    _, _, listed = text.partition("\n\n")
    assert listed == "\n".join(expected)


def test_the_readme_names_each_setting() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for field in Settings.model_fields:
        assert f"`{name_of(field)}`" in readme, name_of(field)
