"""``make screens``: the story of the demo in pictures, at the width of a desk and of a phone.

The pictures in ``docs/screens`` are made by acting as the story's people in the running sandbox;
nothing in them is drawn by hand.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot import demo as story
from bot import settings
from bot.demo import CHANNEL, Demo, open_demo
from bot.sandbox import Message, Person
from tests.page.conftest import CHROMIUM, FLAGS

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
WIDTHS = {"wide": (1280, 800), "narrow": (360, 740)}

Show = Callable[[Page], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes the same picture at each width."""

    demo: Demo
    pages: dict[str, Page]

    async def takes(
        self,
        name: str,
        person: Person,
        *,
        place: str = "channel",
        thread: Message | None = None,
        show: Show | None = None,
    ) -> None:
        """A picture of what a person sees: the channel, one of its threads, DMs or App Home."""
        await self.demo.settled()
        sandbox = self.demo.sandbox
        for width, page in self.pages.items():
            await page.goto("about:blank")
            await page.goto(f"{sandbox.page_url}?as={person.id}{self._at(place, person, thread)}")
            state = await page.request.get(f"{sandbox.page_url}sandbox/state?as={person.id}")
            version = (await state.json())["version"]
            # Seeing a channel is itself a change: the version may be past this one already.
            await page.wait_for_function(
                "version => Number(document.documentElement.dataset.version) >= version",
                arg=version,
            )
            if show is not None:
                await show(page)
            await page.screenshot(path=FOLDER / f"{name}-{width}.png", animations="disabled")
        print(name, flush=True)  # noqa: T201  # it is a command

    def _at(self, place: str, person: Person, thread: Message | None) -> str:
        slack = self.demo.sandbox.slack
        if place == "direct":
            room = slack.im_with(person.user)
            return f"#/channel/{room.id}" if room else "#/"
        if place != "channel":
            return f"#/{place}"
        channel = slack.world.find_channel(CHANNEL).id
        return f"#/channel/{channel}" + (f"/thread/{thread.ts}" if thread else "")


def newest(person: Person, words: str) -> Message:
    """The newest top-level message of the channel that holds the words."""
    return next(
        message
        for message in reversed(person.messages(CHANNEL))
        if words in person.words(message) and not message.is_reply and not message.ephemeral_to
    )


def first(words: str) -> Show:
    """Bring the first message with the words into view."""

    async def show(page: Page) -> None:
        found = page.locator(".main-pane .message").filter(has_text=words).first
        await found.scroll_into_view_if_needed()

    return show


async def until(demo: Demo, person: Person, words: str) -> None:
    """Let days go by until the person sees the words."""
    for _ in range(30):
        if person.sees(words, channel=CHANNEL):
            return
        await demo.days_pass(1)
    raise AssertionError(f"{words!r} never came:\n{person.reads(channel=CHANNEL)}")


async def tell(demo: Demo, camera: Camera) -> None:
    """The story, with a picture of each state that a person can meet."""
    dana, bo, hui, mara = map(demo.sandbox.person, ("dana", "bo", "hui", "mara"))

    await dana.invites_app(CHANNEL)
    await dana.waits_to_see("Acme runs me", channel=CHANNEL)
    await camera.takes("welcome", bo, show=first("Acme runs me"))
    await mara.clicks("Say which organization", channel=CHANNEL)
    await camera.takes("organization", mara)
    await mara.closes()
    for guest in (hui, mara):
        await guest.says("@Common Ground with Harbor Women in Media", channel=CHANNEL)
        await demo.settled()
    await camera.takes("joining", hui)
    await dana.clicks("Set up", channel=CHANNEL)
    await camera.takes("setup", dana)
    await dana.closes()
    await story.says_ok(demo)
    await camera.takes("started", hui, show=first("Acme runs me"))

    await story.promises(demo)
    demo.sandbox.hint = story.HINT
    await camera.takes("asked", bo)
    await camera.takes("people", bo, place="")
    await hui.clicks("Yes", message=newest(hui, "invite 12 mentees"))
    await camera.takes("wrong-person", hui)
    await bo.clicks("Yes, if…", channel=CHANNEL)
    await camera.takes("condition-form", bo)
    demo.sandbox.hint = None
    await bo.submits({"commitment.condition": "travel is paid"})
    await camera.takes("condition", dana)
    await dana.clicks("Agree", channel=CHANNEL)
    await demo.settled()
    await camera.takes("agreed", bo, thread=newest(bo, "invite 12 mentees"))

    await dana.slash("/partner", channel=CHANNEL)
    await camera.takes("partner", dana)
    await dana.slash("/partner list", channel=CHANNEL)
    await camera.takes("list", dana)
    ts = await bo.says("I could ask the library for a room", channel=CHANNEL)
    await demo.settled()
    written = next(each for each in dana.messages(CHANNEL) if each.ts == ts)
    await dana.chooses_shortcut("recording.record", written)
    await camera.takes("record-form", dana)
    await dana.submits({"What?": "ask the library for a room", "By when?": "2026-12-18"})
    await camera.takes("receipt", dana)
    await dana.clicks("Undo", channel=CHANNEL)
    await camera.takes("taken-back", dana)
    await dana.slash("/partner comit book a bus by Friday", channel=CHANNEL)
    await camera.takes("refused", dana)
    await dana.slash("/partner help", channel=CHANNEL)
    await camera.takes("help", dana)
    await bo.tells_app("mine")
    await camera.takes("direct", bo, place="direct")
    await bo.tells_app("remind me at 18 to 21")
    await camera.takes("settings", bo, place="direct")
    await bo.clicks("Change", message=bo.dm()[-1])
    await camera.takes("settings-form", bo, place="direct")
    await bo.closes()
    await dana.opens_home()
    await camera.takes("home", dana, place="home")
    await camera.takes("home-of-a-partner", bo, place="home")

    await until(demo, bo, "Check-in for")
    await camera.takes("checkin", bo)
    await camera.takes("reminder", bo, place="direct")
    prompt = newest(bo, "Check-in for")
    await hui.says("#2 done", thread=prompt, channel=CHANNEL)
    await bo.says(
        "Four schools have answered. Evenings clash with school pick-up.",
        thread=prompt,
        channel=CHANNEL,
    )
    await dana.says("stuck #1: we found only 3 mentors", thread=prompt, channel=CHANNEL)
    await camera.takes("replies", hui, thread=prompt)
    await dana.clicks("Yes, everyone may know", channel=CHANNEL)
    await hui.clicks("Yes, it is done", channel=CHANNEL)
    await until(demo, bo, "What was said")
    await camera.takes("summary", bo, thread=prompt)
    await until(demo, bo, "What we heard")
    await camera.takes("digest", bo, show=first("What we heard"))
    await bo.clicks("For my organization", message=newest(bo, "What we heard"))
    await camera.takes("digest-own", bo)
    await bo.says("@Common Ground shares", channel=CHANNEL)
    await demo.days_pass(2)  # the leads read it when their week begins
    asked = "asks how the work is shared in"
    await camera.takes("shares-lead", dana, place="direct", show=first(asked))
    for lead in (dana, bo, hui):
        shown = next(each for each in lead.dm() if asked in lead.words(each))
        await lead.clicks("Post it in the channel", message=shown)
        await demo.settled()
    await camera.takes("shares", bo)
    await bo.clicks("Done", message=newest(bo, "agreed: invite 12 mentees"))
    await demo.settled()
    await camera.takes("done", dana, show=first("invite 12 mentees"))

    card = newest(bo, "#3 ·")
    await dana.clicks("Something is missing", message=card)
    await camera.takes("missing-form", dana)
    await dana.submits({"commitment.why": "the list of their names"})
    await demo.settled()
    await bo.clicks("Hand over", message=card)
    await bo.picks("To whom?", "Hui")
    await camera.takes("hand-over-form", bo)
    await bo.submits({"commitment.why": "our van is gone"})
    await camera.takes("handing-over", hui, thread=card)
    await hui.clicks("Take it over", message=card)
    await hui.leaves(CHANNEL)
    await camera.takes("owner-away", dana, thread=card)


async def main() -> int:
    """Make all pictures anew; returns the exit status."""
    if CHROMIUM is None:
        sys.stderr.write("Install Chromium to make the pictures.\n")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with (
        async_playwright() as playwright,
        open_demo(settings.read({}, None), 0, pace=False) as demo,
    ):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pages = {
            name: await browser.new_page(
                viewport={"width": width, "height": height}, reduced_motion="reduce"
            )
            for name, (width, height) in WIDTHS.items()
        }
        await tell(demo, Camera(demo, pages))
        await browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
