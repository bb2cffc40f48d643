"""A state with every kind of block and element, as the sandbox's server would give it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.away import Away, Times
from bot.domain.closed_days import Calendar, Closing, Named, Source
from bot.views import away, closed_days

Json = dict[str, Any]

ACME, NORTHSIDE, HARBOR = "Acme", "Northside Youth", "Harbor Women in Media"
DANA, PRIYA, BO, AMINA, HUI, MARA = "U0DANA", "U0PRIYA", "U0BO", "U0AMINA", "U0HUI", "U0MARA"
APP = "U0COMMONG"
CHANNEL, DEI, OLD, DIRECT = "C0MENTORI", "C0ACMEDEI", "C0OLD", "D0BO"
NOW = "2026-11-16T15:00:00Z"
THREAD = "1794841200.000100"
XSS = "<img src=x onerror=\"document.title='broken in'\">"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str | None = None) -> Json:
    made: Json = {"text": plain(text), "value": value}
    if description:
        made["description"] = plain(description)
    return made


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def person(id_: str, name: str, organization: str, kind: str, zone: str, color: str) -> Json:
    team = "T0NORTHSI" if organization == NORTHSIDE else "T0ACME"
    return {
        "id": id_,
        "name": name,
        "organization": organization,
        "team": team,
        "zone": zone,
        "kind": kind,
        "color": color,
        "initials": "".join(word[0] for word in name.split()[:2]).upper(),
    }


def people() -> list[Json]:
    new_york, chicago = "America/New_York", "America/Chicago"
    return [
        person(DANA, "Dana", ACME, "member", new_york, "4bbe2e"),
        person(PRIYA, "Priya", ACME, "member", new_york, "e7392d"),
        person(BO, "Bo", NORTHSIDE, "external", chicago, "3c989f"),
        person(AMINA, "Amina", NORTHSIDE, "external", chicago, "674b1b"),
        person(HUI, "Hui", HARBOR, "guest", new_york, "9f69e7"),
        person(MARA, "Mara", HARBOR, "guest", new_york, "d1707d"),
        person(APP, "Common Ground", "", "app", "America/Los_Angeles", "5b5bd6"),
    ]


_clock = 0


def message(user: str, text: str, blocks: list[Json] | None = None, **more: Any) -> Json:
    """One message; times follow each other by seven minutes from Friday on."""
    global _clock  # a module of canned data: the order in which it is written is the order in time
    _clock += 1
    who = next(one for one in people() if one["id"] == user)
    day, minutes = (
        ("2026-11-13", 60 * 15 + 7 * _clock)
        if _clock <= 3
        else ("2026-11-16", 60 * 13 + 7 * _clock)
    )
    return {
        "ts": f"17948{_clock:05d}.000100",
        "thread_ts": None,
        "user": user,
        "name": who["name"],
        "organization": who["organization"],
        "app": user == APP,
        "text": text,
        "blocks": blocks or [],
        "edited": False,
        "ephemeral": False,
        "deleted": False,
        "reply_count": 0,
        "reply_users": [],
        "reactions": [],
        "time": f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:00Z",
        **more,
    }


def layout_blocks() -> list[Json]:
    """Blocks that only show."""
    return [
        {"type": "header", "block_id": "header", "text": plain("Week of November 16 :seedling:")},
        {
            "type": "section",
            "block_id": "formats",
            "text": mrkdwn(
                "*Bold*, _italic_, ~struck~, `code`, <https://example.org|a link>, <@U0BO>, "
                "<#C0MENTORI>, <!here>, :tada:, 2 &lt; 3 &amp; done.\n"
                "Due <!date^1796050800^{date_short_pretty} at {time}|Nov 30>.\n"
                "> A quoted line\n• First point\n• Second point\n```\nlet x = *not bold*;\n```"
            ),
        },
        {
            "type": "section",
            "block_id": "fields",
            "text": mrkdwn("Two columns:"),
            "fields": [
                mrkdwn("*Lead*\nNorthside Youth"),
                mrkdwn("*Supports*\nHarbor Women in Media"),
                plain("Due"),
                plain("Mon, Nov 30"),
            ],
        },
        {"type": "divider", "block_id": "divider"},
        {
            "type": "context",
            "block_id": "context",
            "elements": [
                {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A map"},
                mrkdwn("Set up by *Dana* (Acme)"),
                plain("every second Tuesday"),
            ],
        },
        {
            "type": "image",
            "block_id": "image",
            "image_url": "https://example.org/venue.png",
            "alt_text": "The hall at Pine Street, with chairs in a circle",
            "title": plain("The venue"),
        },
        {
            "type": "rich_text",
            "block_id": "rich",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "Rich: "},
                        {"type": "text", "text": "bold", "style": {"bold": True}},
                        {"type": "text", "text": " and "},
                        {"type": "link", "url": "https://example.org/rich", "text": "linked"},
                        {"type": "text", "text": ", "},
                        {"type": "user", "user_id": HUI},
                        {"type": "text", "text": ", "},
                        {"type": "emoji", "name": "memo"},
                        {"type": "text", "text": ", "},
                        {"type": "date", "timestamp": 1796050800, "format": "{date_long}"},
                        {"type": "color", "value": "#0f6355"},
                        {"type": "broadcast", "range": "channel"},
                    ],
                },
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": "One"}],
                        },
                    ],
                },
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 1,
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": "Within one"}],
                        },
                    ],
                },
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Quoted"}]},
                {
                    "type": "rich_text_preformatted",
                    "elements": [{"type": "text", "text": "kept  as it is"}],
                },
            ],
        },
        {
            "type": "markdown",
            "block_id": "markdown",
            "text": "# Plan\nSome **strong** and *soft* words, [linked](https://example.org/md).\n\n"
            "- one\n- [x] two\n  1. inside\n\n> quoted\n\n"
            "| Who | What |\n|---|---|\n| Bo | invites |\n\n```\ncode\n```",
        },
        {"type": "not_yet_invented", "block_id": "unknown", "text": "?"},
        {
            "type": "video",
            "block_id": "video",
            "title": plain("How it works"),
            "alt_text": "A walk through",
            "video_url": "https://example.org/v",
            "thumbnail_url": "https://example.org/t.png",
        },
    ]


def data_blocks() -> list[Json]:
    """Tables and charts."""

    def raw(text: str) -> Json:
        return {"type": "raw_text", "text": text}

    def count(value: float) -> Json:
        return {"type": "raw_number", "value": value, "text": str(value)}

    months = ["Sep", "Oct", "Nov", "Dec"]

    def series(name: str, *values: float) -> Json:
        return {
            "name": name,
            "data": [
                {"label": month, "value": value}
                for month, value in zip(months, values, strict=True)
            ],
        }

    def drawing(kind: str, title: str) -> Json:
        return {
            "type": "data_visualization",
            "block_id": f"chart-{kind}",
            "title": title,
            "chart": {
                "type": kind,
                "series": [series("Hours", 12, 30, 41, 55), series("Target", 15, 30, 45, 60)],
                "axis_config": {"categories": months, "x_label": "Month", "y_label": "Hours"},
            },
        }

    names = ["Venue list", "Flyers", "Mentor training", "Matching", "Travel", "Snacks", "Photos"]
    return [
        {
            "type": "table",
            "block_id": "table",
            "column_settings": [{"align": "left", "is_wrapped": True}, {"align": "right"}],
            "rows": [
                [raw("Organization"), raw("Open")],
                [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": ACME, "style": {"bold": True}}
                                ],
                            }
                        ],
                    },
                    raw("6"),
                ],
                [raw(NORTHSIDE), raw("11")],
            ],
        },
        {
            "type": "data_table",
            "block_id": "data-table",
            "caption": "Commitments this quarter",
            "page_size": 3,
            "rows": [
                [raw("What"), raw("Owner"), raw("Days left")],
                *(
                    [raw(name), raw(["Dana", "Bo", "Hui"][at % 3]), count((at * 5) % 11)]
                    for at, name in enumerate(names)
                ),
            ],
        },
        drawing("line", "Hours in mentorship"),
        drawing("bar", "Hours by month"),
        drawing("area", "Hours, filled"),
        {
            "type": "data_visualization",
            "block_id": "chart-pie",
            "title": "Who holds open work",
            "chart": {
                "type": "pie",
                "segments": [
                    {"label": ACME, "value": 6},
                    {"label": NORTHSIDE, "value": 11},
                    {"label": HARBOR, "value": 3},
                ],
            },
        },
    ]


def element_blocks(*, in_modal: bool = False) -> list[Json]:
    """Every element that people press or choose from, in sections and actions."""
    venues = [option(f"Venue {number}", f"venue-{number}") for number in range(1, 13)]
    blocks: list[Json] = [
        {
            "type": "actions",
            "block_id": "buttons",
            "elements": [
                button("Yes", "yes", style="primary", value="7"),
                button("Yes, if…", "yes_if", value="7"),
                button(
                    "No",
                    "no",
                    style="danger",
                    value="7",
                    confirm={
                        "title": plain("Say no?"),
                        "text": mrkdwn("Dana will be told *once*."),
                        "confirm": plain("Say no"),
                        "deny": plain("Not now"),
                    },
                ),
                button("Read more", "more", url="https://example.org/more"),
                button("For Dana only", "secret", visible_to_user_ids=[DANA]),
                {
                    "type": "overflow",
                    "action_id": "overflow",
                    "options": [option("Edit", "edit"), option("Undo", "undo", "Take it back")],
                },
            ],
        },
        {
            "type": "section",
            "block_id": "pick-one",
            "text": mrkdwn("*Which organization are you with?*"),
            "accessory": {
                "type": "static_select",
                "action_id": "organization",
                "placeholder": plain("Choose an organization"),
                "options": [option(ACME, "acme"), option(HARBOR, "harbor")],
            },
        },
        {
            "type": "actions",
            "block_id": "selects",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "grouped",
                    "placeholder": plain("A venue"),
                    "option_groups": [
                        {"label": plain("Near"), "options": venues[:6]},
                        {"label": plain("Far"), "options": venues[6:]},
                    ],
                    "initial_option": venues[1],
                },
                {
                    "type": "multi_static_select",
                    "action_id": "several",
                    "placeholder": plain("Which days?"),
                    "options": [option("Monday", "mon"), option("Tuesday", "tue")],
                },
                {"type": "users_select", "action_id": "user", "placeholder": plain("Who?")},
                {
                    "type": "multi_users_select",
                    "action_id": "users",
                    "placeholder": plain("Who helps?"),
                    "initial_users": [HUI],
                },
                {"type": "channels_select", "action_id": "channel", "placeholder": plain("Where?")},
                {
                    "type": "conversations_select",
                    "action_id": "conversation",
                    "placeholder": plain("Which conversation?"),
                    "default_to_current_conversation": True,
                },
                {
                    "type": "external_select",
                    "action_id": "external",
                    "placeholder": plain("Search commitments"),
                    "min_query_length": 2,
                },
            ],
        },
        {
            "type": "actions",
            "block_id": "dates",
            "elements": [
                {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-30"},
                {"type": "timepicker", "action_id": "time", "initial_time": "10:00"},
                {
                    "type": "datetimepicker",
                    "action_id": "moment",
                    "initial_date_time": 1796050800,
                },
            ],
        },
        {
            "type": "section",
            "block_id": "radios",
            "text": mrkdwn("Who may know?"),
            "accessory": {
                "type": "radio_buttons",
                "action_id": "radio",
                "options": [
                    option("Only my colleague", "colleague"),
                    option("Everyone here", "all", "In the thread of the commitment"),
                    option("Nobody yet", "nobody"),
                ],
                "initial_option": option("Nobody yet", "nobody"),
            },
        },
        {
            "type": "section",
            "block_id": "boxes",
            "text": mrkdwn("Remind me"),
            "accessory": {
                "type": "checkboxes",
                "action_id": "boxes",
                "options": [option("On the day", "day"), option("A week before", "week")],
                "initial_options": [option("On the day", "day")],
            },
        },
        {
            "type": "section",
            "block_id": "pictured",
            "text": mrkdwn("With a picture"),
            "accessory": {
                "type": "image",
                "image_url": "https://example.org/p.png",
                "alt_text": "A tree",
            },
        },
        {
            "type": "actions",
            "block_id": "odd",
            "elements": [
                {"type": "hologram", "action_id": "odd"},
                {
                    "type": "workflow_button",
                    "action_id": "workflow",
                    "text": plain("Run the workflow"),
                },
            ],
        },
    ]
    if not in_modal:
        blocks.append(
            {
                "type": "context_actions",
                "block_id": "feedback",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "action_id": "feedback",
                        "positive_button": {"text": plain("Good"), "value": "good"},
                        "negative_button": {"text": plain("Not good"), "value": "bad"},
                    },
                    {
                        "type": "icon_button",
                        "action_id": "trash",
                        "icon": "trash",
                        "text": plain("Remove"),
                    },
                ],
            }
        )
    return blocks


def grouping_blocks() -> list[Json]:
    """Cards and their like."""
    first: Json = {
        "type": "card",
        "block_id": "card",
        "icon": {"type": "image", "image_url": "https://example.org/i.png", "alt_text": "A leaf"},
        "hero_image": {
            "type": "image",
            "image_url": "https://example.org/h.png",
            "alt_text": "Young people painting a wall",
        },
        "title": mrkdwn("*Mentoring* program"),
        "subtitle": plain("Acme, Northside Youth, Harbor"),
        "body": mrkdwn("12 mentees by _Mon, Nov 30_"),
        "actions": [button("Open", "open_card"), button("Leave", "leave_card", style="danger")],
    }
    task: Json = {
        "type": "task_card",
        "block_id": "task",
        "task_id": "t1",
        "title": "Gather replies",
        "status": "in_progress",
        "details": {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "7 so far"}]}
            ],
        },
        "sources": [{"type": "url", "url": "https://example.org/s", "text": "the form"}],
    }
    return [
        first,
        {
            "type": "carousel",
            "block_id": "carousel",
            "elements": [
                {
                    "type": "card",
                    "block_id": f"step-{number}",
                    "title": plain(f"Step {number}"),
                    "body": plain("What comes next"),
                    "actions": [button("Choose", f"choose_{number}")],
                }
                for number in range(1, 5)
            ],
        },
        {
            "type": "container",
            "block_id": "container",
            "title": plain("Details"),
            "subtitle": plain("Folded until you open it"),
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": [
                {"type": "section", "block_id": "inner", "text": mrkdwn("Inside the container")}
            ],
        },
        task,
        {"type": "plan", "block_id": "plan", "title": "This week", "tasks": [task]},
        {
            "type": "alert",
            "block_id": "alert",
            "level": "warning",
            "text": mrkdwn("One is *late*."),
        },
        {"type": "file", "block_id": "file", "external_id": "F1", "source": "remote"},
    ]


def input_blocks() -> list[Json]:
    """Every element in an input block."""

    def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
        made = {"action_id": f"{block_id}_action", **element}
        return {
            "type": "input",
            "block_id": block_id,
            "label": plain(label),
            "element": made,
            **more,
        }

    return [
        field(
            "words",
            "What will you do?",
            {"type": "plain_text_input", "max_length": 120, "placeholder": plain("Invite 12 …")},
            hint=plain("One sentence is enough."),
        ),
        field("long", "If…", {"type": "plain_text_input", "multiline": True}, optional=True),
        field("due", "By when?", {"type": "datepicker", "initial_date": "2026-11-30"}),
        field("mail", "Email", {"type": "email_text_input"}, optional=True),
        field("site", "Web address", {"type": "url_text_input"}, optional=True),
        field(
            "hours",
            "Hours",
            {
                "type": "number_input",
                "is_decimal_allowed": False,
                "min_value": "1",
                "max_value": "40",
            },
            optional=True,
        ),
        field(
            "kind",
            "Kind of work",
            {"type": "static_select", "options": [option("Paid", "paid"), option("Unpaid", "not")]},
            optional=True,
            dispatch_action=True,
        ),
        field("owners", "Who helps?", {"type": "multi_users_select"}, optional=True),
        field("rich", "Notes", {"type": "rich_text_input"}, optional=True),
        field("file", "A file", {"type": "file_input", "filetypes": ["ics"]}, optional=True),
        field(
            "agree",
            "Before you send",
            {"type": "checkboxes", "options": [option("Everyone here may read this", "yes")]},
            optional=True,
        ),
    ]


def days_off() -> list[tuple[str, list[Json]]]:
    """Days off as they are told: text and blocks of one's closed days, days away, and a clash."""
    today, day = date(2026, 11, 16), date(2026, 12, 25)
    kept: Json = {"known_until": day, "set_by": 3, "set_at": datetime(2026, 11, 16, tzinfo=UTC)}
    own = Closing(1, 2, Source.OWN, "Winter break", day, day + timedelta(7), {}, **kept)
    detail = {"country": "US", "subdivision": "NY", "categories": ["public", "half_day"]}
    public = Closing(2, 2, Source.HOLIDAYS, "United States (New York)", None, None, detail, **kept)
    told = [
        closed_days.calendar(
            Calendar(
                2,
                NORTHSIDE,
                frozenset({0, 1, 3}),
                (own, public),
                (Named(day, day + timedelta(7), "Winter break"),),
                today,
            ),
            "Noted: you are closed Fri, Dec 25 to Fri, Jan 1, 2027.",
        ),
        away.times(Times((Away(1, 3, day, day + timedelta(9)),), today), "Noted."),
    ]
    return [
        (
            each["text"],
            [{"block_id": f"days-{n}-{m}", **one} for m, one in enumerate(each["blocks"])],
        )
        for n, each in enumerate(told)
    ]


def days_off_form() -> Json:
    """The form of public holidays, in a country with many parts."""
    parts = [(f"{number:03}", f"Province of a long name {number}") for number in range(120)]
    view = closed_days.holidays_form("IT", "Italy", parts, ("public", "half_day", "catholic"))
    blocks = [{"block_id": f"form-{n}", **one} for n, one in enumerate(view["blocks"])]
    return {"id": "V0DAYS", "view": {"id": "V0DAYS", **view, "blocks": blocks}, "errors": {}}


def calendar_form(problem: str = "") -> Json:
    """The form of a calendar file, as it comes back where one could not be read."""
    view = closed_days.file_form(problem=problem)
    blocks = [{"block_id": f"form-{n}", **one} for n, one in enumerate(view["blocks"])]
    return {"id": "V0FILE", "view": {"id": "V0FILE", **view, "blocks": blocks}, "errors": {}}


def modal(**errors: str) -> Json:
    return {
        "id": "V0MODAL",
        "view": {
            "type": "modal",
            "id": "V0MODAL",
            "title": plain("A commitment"),
            "submit": plain("Ask"),
            "close": plain("Not now"),
            "blocks": [
                {
                    "type": "section",
                    "block_id": "intro",
                    "text": mrkdwn("Nothing counts until *Bo* agrees."),
                },
                *input_blocks(),
                *element_blocks(in_modal=True),
                {
                    "type": "alert",
                    "block_id": "alert",
                    "level": "info",
                    "text": plain("Everyone in the channel sees it."),
                },
            ],
        },
        "errors": errors,
    }


def gallery(me: str = BO) -> Json:
    """The whole state as one person sees it."""
    global _clock
    _clock = 0
    host = me in (DANA, PRIYA)
    messages = [
        message(
            DANA, "Hello <@U0BO>, shall we write down what we agree?\n\nI invited <@U0COMMONG>."
        ),
        message(APP, "Hi. I help you keep track of what you agree.", reply_count=2),
        message(BO, f"Sounds *good* to me {XSS.replace('<', '&lt;')} :tada:", edited=True),
        message(BO, "And a second line right after."),
        message(APP, "Week of November 16: one decision, two due.", layout_blocks()),
        message(
            APP,
            "Dana (Acme) asks: could you invite 12 mentees by Mon, Nov 30?",
            element_blocks(),
            ephemeral=True,
        ),
        message(
            APP,
            "Figures of the quarter",
            data_blocks(),
            reactions=[
                {"name": "tada", "users": [BO, HUI]},
                {"name": "eyes", "users": [DANA]},
            ],
        ),
        message(APP, "Cards", grouping_blocks()),
        message(AMINA, "", deleted=True, reply_count=1, reply_users=[HUI]),
        message(
            APP,
            "How is your part going? Reply in this thread.",
            [
                {
                    "type": "section",
                    "block_id": "ask",
                    "text": mrkdwn("*How is your part going?* Reply in this thread."),
                },
                {
                    "type": "input",
                    "block_id": "in-message",
                    "label": plain("Or write it here"),
                    "element": {"type": "plain_text_input", "action_id": "said"},
                },
                {
                    "type": "actions",
                    "block_id": "quick",
                    "elements": [
                        button("On track", "on_track", style="primary"),
                        button("I'm stuck", "stuck"),
                        button("Done", "done"),
                    ],
                },
            ],
            reply_count=3,
            reply_users=[DANA, HUI, BO],
        ),
    ]
    messages[-1]["ts"] = THREAD
    replies = [
        message(DANA, "We found four mentors.", thread_ts=THREAD),
        message(HUI, "Stuck: the hall is closed that week.", thread_ts=THREAD),
        message(APP, "Thanks for saying so. Who may know?", thread_ts=THREAD, ephemeral=True),
    ]
    channels: list[Json] = [
        {
            "id": CHANNEL,
            "name": "mentoring-partners",
            "kind": "channel",
            "shared_with": [NORTHSIDE],
            "members": [DANA, PRIYA, BO, AMINA, HUI, MARA, APP],
            "bot_in": True,
            "unread": 0,
            "archived": False,
        },
        {
            "id": OLD,
            "name": "pilot-2025",
            "kind": "channel",
            "shared_with": [],
            "members": [DANA, BO],
            "bot_in": False,
            "unread": 0,
            "archived": True,
        },
        {
            "id": DIRECT,
            "name": "Common Ground",
            "kind": "dm",
            "shared_with": [],
            "members": [me, APP],
            "bot_in": True,
            "unread": 2,
            "archived": False,
        },
    ]
    if host:
        channels.insert(1, {**channels[1], "id": DEI, "name": "acme-dei", "archived": False})
    commands = [
        {
            "command": "/partner",
            "usage_hint": "commit @bo invite 12 mentees by 30 Nov",
            "description": "Agree on things together",
        },
        {"command": "/partner-settings", "usage_hint": "", "description": "Change how I behave"},
    ]
    return {
        "version": 1,
        "now": NOW,
        "hint": "Bo, press Yes on what Dana asks you, or write “done” in the thread.",
        "me": me,
        "people": people(),
        "channels": channels,
        "commands": commands if host else [],
        "commands_note": None
        if host
        else "Slash commands work only for people of Acme, where the app is installed.",
        "messages": {
            CHANNEL: messages,
            OLD: [message(DANA, "Thanks, all!")],
            DIRECT: [message(APP, "You have two commitments.")],
        },
        "threads": {f"{CHANNEL}:{THREAD}": replies},
        "modal": None,
        "home": {
            "available": host,
            "view": {
                "type": "home",
                "id": "V0HOME",
                "blocks": [
                    {"type": "header", "block_id": "h", "text": plain("Your commitments")},
                    *element_blocks(in_modal=True)[:2],
                ],
            }
            if host
            else None,
            "note": None if host else "Home is only for people of Acme.",
        },
        "notices": [],
    }
