"""The command line: ``python -m bot [run | sandbox | read | doctor | manifest]``.

Everything heavy is imported late, so that ``--help`` answers at once.
"""

import argparse
import sys
from collections.abc import Sequence

from bot import __version__
from bot.domain.errors import BotError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 well, 1 it failed, 2 it was set up wrongly."""
    parser = _parser()
    given = parser.parse_args(arguments)
    command = given.command or "run"
    try:
        if command == "read":
            return _read(given)
        if command == "manifest":
            return _manifest(given)
        if command == "doctor":
            return _doctor(given)
        return _run() if command == "run" else _sandbox(given)
    except BotError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Common Ground: a Slack bot for organizations that work together as equals.",
    )
    parser.add_argument("--version", action="version", version=f"Common Ground {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser(
        "run", help="run the bot (the default): in Slack with tokens, else in the sandbox"
    )
    sandbox = commands.add_parser(
        "sandbox", help="run only the sandbox: a Slack on this machine, for other bots too"
    )
    sandbox.add_argument("--manifest", help="another app's manifest.yml (default: this app's)")
    sandbox.add_argument(
        "--request-url", help="deliver by signed HTTP to this address instead of Socket Mode"
    )
    read = commands.add_parser("read", help="show how words are understood, as JSON")
    read.add_argument("words", help='for example "commit @bo invite 12 mentees by friday"')
    read.add_argument("--now", help="the speaker's wall clock, like 2026-11-25T10:00")
    read.add_argument("--zone", help="the speaker's time zone (default UTC)", default="UTC")
    doctor = commands.add_parser("doctor", help="check settings, Slack, storage and schedules")
    doctor.add_argument("--json", action="store_true", help="the findings as JSON")
    manifest = commands.add_parser("manifest", help="print the app's manifest and a link to use it")
    kind = manifest.add_mutually_exclusive_group()
    kind.add_argument("--socket", action="store_true", help="for Socket Mode (the default)")
    kind.add_argument("--url", help="for deliveries by HTTP to this public address (https://…)")
    return parser


def _read(given: argparse.Namespace) -> int:
    import json
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from bot.language.reading import as_json

    try:
        zone = ZoneInfo(given.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _fault(f"{given.zone} is not a time zone. Name one like America/New_York.")
    try:
        now = datetime.fromisoformat(given.now) if given.now else datetime.now(UTC)
    except ValueError:
        return _fault(f"{given.now} is not a date and time. Write it like 2026-11-25T10:00.")
    now = now.replace(tzinfo=zone) if now.tzinfo is None else now
    try:
        understood = as_json(given.words, now.astimezone(UTC), given.zone)
    except OverflowError:
        return _fault(f"{given.now} is too close to the end of the calendar.")
    print(json.dumps(understood, ensure_ascii=False))
    return 0


def _manifest(given: argparse.Namespace) -> int:
    from bot import manifest, settings

    try:
        command = settings.read().command
        text = manifest.text(command=command, url=given.url)
        link = manifest.link(command=command, url=given.url)
    except settings.Misconfigured as error:
        return _fault(*error.faults)
    except ValueError as error:
        return _fault(str(error))
    print(text)
    print(f"# Create the app with one click: {link}")
    return 0


def _run() -> int:
    import asyncio

    from bot import settings

    try:
        found = settings.read()
    except settings.Misconfigured as error:
        return _fault(*error.faults)
    if found.mode is settings.Mode.SANDBOX:
        from bot import demo

        return asyncio.run(demo.run(found))
    from bot import app

    return asyncio.run(app.run(found))


def _sandbox(given: argparse.Namespace) -> int:
    import asyncio

    from bot import demo, settings

    try:
        found = settings.read()
        return asyncio.run(demo.alone(found, given.manifest, given.request_url))
    except settings.Misconfigured as error:
        return _fault(*error.faults)
    except ValueError as error:
        return _fault(str(error))


def _doctor(given: argparse.Namespace) -> int:
    import asyncio
    import json

    from bot import doctor, settings

    try:
        found = settings.read()
    except settings.Misconfigured as error:
        if given.json:
            print(
                json.dumps([{"about": "settings", "well": False, "says": s} for s in error.faults])
            )
            return 2
        return _fault(*error.faults)
    findings = asyncio.run(doctor.examine(found))
    if given.json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(finding)
    return 0 if all(finding.well for finding in findings) else 1


def _fault(*sentences: str) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
