"""The words of the calendar in English, Spanish and French, each with its token.

``dates`` and ``rhythms`` match patterns over tokens, so each rule is written once for the three
languages. A token is a letter for its kind and a value: ``w4`` Friday, ``m11`` November,
``n30`` a number, ``o30`` an ordinal, ``y2026`` a year, ``u…`` a
unit, ``amb…`` and ``imp`` a date in figures that can be read twice or not at all, ``t`` a time of
day. A plain word stands for itself in English. "" marks a word that says nothing about the date,
``?`` one that is no word of the calendar.

Left out on purpose: abbreviations that are names or common English words (Spanish "mar" for
martes and "ago" for agosto; French "sam", "mer", "dom" and so on).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_TABLE: dict[str, str] = {
    # Monday to Sunday
    "w0": "monday mon lunes lundi",
    "w1": "tuesday tue tues martes mardi",
    "w2": "wednesday wed weds miercoles mercredi",
    "w3": "thursday thu thur thurs jueves jeudi",
    "w4": "friday fri viernes vendredi",
    "w5": "saturday sat sabado samedi",
    "w6": "sunday sun domingo dimanche",
    # January to December
    "m1": "january jan enero ene janvier janv",
    "m2": "february feb febrero fevrier fevr",
    "m3": "march mar marzo mars",
    "m4": "april apr abril abr avril avr",
    "m5": "may mayo mai",
    "m6": "june jun junio juin",
    "m7": "july jul julio juillet juil",
    "m8": "august aug agosto aout",
    "m9": "september sep sept septiembre setiembre septembre",
    "m10": "october oct octubre octobre",
    "m11": "november nov noviembre novembre",
    "m12": "december dec diciembre dic decembre",
    # units
    "uday": "day days dia dias jour jours",
    "uweek": "week weeks wk wks semana semanas semaine semaines",
    "ufortnight": "fortnight fortnights",
    "umonth": "month months mes meses mois",
    "uquarter": "quarter quarters trimestre trimestres",
    "uyear": "year years yr yrs ano anos an ans annee annees",
    "uweekend": "weekend",
    "uhour": "hour hours hr hrs hora horas heure heures minute minutes min mins minuto minutos",
    # numbers
    "n1": "a an one un una uno une",
    "n2": "two dos deux",
    "n3": "three tres trois",
    "n4": "four cuatro quatre",
    "n5": "five cinco cinq",
    "n6": "six seis",
    "n7": "seven siete",
    "n8": "eight ocho huit",
    "n9": "nine nueve neuf",
    "n10": "ten diez dix",
    "n11": "eleven once onze",
    "n12": "twelve doce douze",
    "n15": "fifteen quince quinze",
    "n20": "twenty veinte vingt",
    "n30": "thirty treinta trente",
    "o1": "first primero primer premier premiere",
    "o2": "second segundo deuxieme",
    "o3": "third tercero tercer troisieme",
    "o4": "fourth cuarto quatrieme",
    "o5": "fifth",
    "o6": "sixth",
    "o7": "seventh",
    "o8": "eighth",
    "o9": "ninth",
    "o10": "tenth",
    "o15": "fifteenth",
    "o20": "twentieth",
    "o30": "thirtieth",
    # words that stand for themselves
    "today": "today tonight hoy",
    "tomorrow": "tomorrow tmrw tomorow manana demain",
    "yesterday": "yesterday ayer hier",
    "this": "this este esta ce cet cette",
    "next": "next coming following",
    "proximo": "proximo proxima prochain prochaine viene",
    "last": "last ultimo ultima dernier derniere",
    "past": "past pasado pasada passe passee",
    "in": "in en dentro dans",
    "within": "within",
    "of": "of de del du des d",
    "from": "from after",
    "now": "now",
    "ago": "ago",
    "few": "few couple several some unos unas quelques",
    "end": "end fin final finales fines",
    "mid": "mid middle mediados milieu",
    "start": "start beginning early late principios debut",
    "at": "at",
    "the": "the el la le los las les l",
    "eod": "eod cob",
    "eow": "eow",
    "eom": "eom",
    "eoq": "eoq",
    "eoy": "eoy",
    "every": "every each cada chaque todos tous toutes",
    "other": "other",
    "and": "and y et",
    # times of day
    "t": "noon midday midnight morning afternoon evening night mediodia medianoche midi minuit "
    "matin soir tarde noche",
    # says nothing
    "": "on latest que",
}

WORDS: dict[str, str] = {word: means for means, words in _TABLE.items() for word in words.split()}
"""Folded word -> token."""

CLOSEST = tuple(
    word
    for word, means in WORDS.items()
    if len(word) >= 5 and re.fullmatch(r"[wm][0-9]+|tomorrow", means)
)
"""Words worth offering for a slip of the fingers."""

_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bd ?['’ ] ?ici(?: (?:a|au|le|la))?\b"), "within"),
    (re.compile(r"\baujourd ?['’ ] ?hui\b"), "today"),
    (re.compile(r"\bapres[ -]demain\b|\bpasado manana\b|\b(?:the )?day after tomorrow\b"), "+2"),
    (re.compile(r"\b(?:close|end) of (?:business|play|(?:the )?(?:work(?:ing)? ?)?day)\b"), "eod"),
    (re.compile(r"\bend of (?=today|tomorrow|tonight|hoy|manana|demain)"), "eod "),
    (re.compile(r"\bfin de semana\b|\bweek-end\b"), "weekend"),
    (re.compile(r"\b(?:au plus tard|a mas tardar|no later than|at the latest)\b"), ""),
    (re.compile(r"\b(?:un|1) an\b"), "1 year"),
    (re.compile(r"\bsept(?= (?:jours|semaines|mois))"), "7"),
)

_TOKEN = re.compile(
    r"(?P<iso>(?<![\d/.-])[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![\d/-]))"
    r"|(?P<full>(?<![\d/.-])[0-9]{1,2}([-/.])[0-9]{1,2}\3[0-9]{2}(?:[0-9]{2})?(?![\d/-]))"
    r"|(?P<short>(?<![\d/.-])[0-9]{1,2}/[0-9]{1,2}(?![\d/-])"
    r"|(?<![\d/.-])[0-9]{2}\.[0-9]{2}\.?(?![\d/-]))"
    r"|(?P<time>[0-9]{1,2}:[0-9]{2}(?: ?[ap]\.?m\b\.?)?|[0-9]{1,2} ?[ap]\.?m\b\.?"
    r"|[0-9]{1,2} ?h ?(?:[0-9]{2})?(?![a-z0-9]))"
    r"|'(?P<year>[0-9]{2})(?![0-9])"
    r"|(?P<ordinal>[0-9]{1,2}) ?(?:st|nd|rd|th|er|ere|eme|o)(?![a-z0-9])"
    r"|(?P<number>[0-9]+)"
    r"|(?P<word>[a-z]+)"
    r"|(?P<plus>\+2)"
    r"|(?P<space>[\s,.()/_'\"“”*!-]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text: what it means here, and where it stood in the folded text."""

    means: str
    text: str


def fold(text: str) -> str:
    """Lower case, without accents, with plain quotes and spaces: only to compare, never to keep."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
        text = text.replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-")
    return text.casefold()


def tokens(words: str) -> list[Token]:
    """The words as tokens; what says nothing is left out."""
    folded = fold(words)
    for pattern, instead in _PHRASES:
        folded = pattern.sub(instead, folded)
    found: list[Token] = []
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup
        if kind == "space":
            continue
        text = match.group()
        means = _MEANINGS[kind](match) if kind in _MEANINGS else WORDS.get(text, "?")
        if means:
            found.append(Token(means, text))
    return found


def _number(match: re.Match[str]) -> str:
    digits = match["number"]
    if len(digits) == 4:
        return f"y{digits}"
    return f"n{int(digits)}" if len(digits) <= 3 else "?"


def _figures(match: re.Match[str]) -> str:
    first, second, *rest = (int(part) for part in re.findall("[0-9]+", match.group()))
    year = f" y{_century(rest[0])}" if rest else ""
    if (first > 12 and second > 12) or 0 in (first, second) or first > 31 or second > 31:
        return "imp" if rest or "/" in match.group() else "?"
    if first > 12 or first == second:
        return f"n{first} m{second}{year}"
    if second > 12:
        return f"n{second} m{first}{year}"
    return f"amb{first}-{second}{year}"


def _iso(match: re.Match[str]) -> str:
    year, month, day = re.findall("[0-9]+", match.group())
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31 and int(year) >= 1):
        return "imp"
    return f"n{int(day)} m{int(month)} y{year}"


def _century(year: int) -> int:
    return 2000 + year if year < 100 else year


_MEANINGS: dict[str | None, Callable[[re.Match[str]], str]] = {
    "iso": _iso,
    "full": _figures,
    "short": _figures,
    "time": lambda match: "t",
    "year": lambda match: f"y20{match['year']}",
    "ordinal": lambda match: f"the o{int(match['ordinal'])}",
    "number": _number,
    "plus": lambda match: "+2",
}
