"""Texts at the door: what no storage can hold goes, the rest stays as it was typed."""

import re

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029|\x85")
_ENTITY = re.compile("&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def clean(text: str) -> str:
    """The text, safe to store and to send.

    NUL goes (PostgreSQL refuses it), a lone surrogate becomes U+FFFD (it is no valid UTF-8), line
    ends become ``\\n``, white space around the text goes, no-break spaces included. Everything
    else is kept, direction marks and piled-up accents too: views make those harmless.
    """
    if not text.isascii():
        text = _LONE_SURROGATE.sub("\ufffd", text)
    return _LINE_END.sub("\n", text.replace("\x00", "")).strip()


def unescaped(words: str) -> str:
    """The words as they were typed: Slack delivers ``&``, ``<`` and ``>`` as entities.

    Only for words that were taken apart already, since what looks like a mention afterwards
    is none (https://docs.slack.dev/messaging/formatting-message-text).
    """
    if "&" not in words:
        return words
    return _ENTITY.sub(lambda match: _ENTITIES[match.group(1)], words)
