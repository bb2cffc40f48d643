"""``make docs``: the parts of the documents that are read from the code.

The tests hold the documents to what is made here.
"""

import sys
from pathlib import Path

from bot.language import VERBS
from bot.settings import Settings, name_of

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
EXAMPLE = ROOT / ".env.example"


def verbs() -> str:
    """The table of what can be said."""
    rows = [
        f"| `{_cell(verb.usage)}` | {verb.about} | `{_cell(verb.example)}` |"
        for verb in VERBS.values()
    ]
    return "\n".join(["| say | to | for example |", "|---|---|---|", *rows])


def settings() -> str:
    """The table of settings."""
    rows = []
    for field, info in Settings.model_fields.items():
        default = "" if info.default is None else f"`{info.default}`"
        rows.append(f"| `{name_of(field)}` | {default} | {info.description} |")
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def example() -> str:
    """The file ``.env.example``."""
    parts = ["# Copy to .env and fill in. Without any token, make run starts the sandbox.\n"]
    for field, info in Settings.model_fields.items():
        default = "" if info.default is None else info.default
        parts.append(f"# {info.description}\n# {name_of(field)}={default}\n")
    return "\n".join(parts)


def filled(text: str) -> str:
    """A document with its tables made anew."""
    for name, table in {"verbs": verbs(), "settings": settings()}.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}{table}\n{end}{rest.partition(end)[2]}"
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write them; returns the exit status."""
    README.write_text(filled(README.read_text("utf-8")), "utf-8")
    EXAMPLE.write_text(example(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
