"""The language that staff read: gettext catalogues, English being what stands in the code.

The running bot says once which language it is (STAFF_LANGUAGE). It is one for the process, since
a clinic has a process of its own (docs/decisions/15-clinics.md), and transactions are composed in
threads that no context variable follows. Whoever says nothing writes English, such as the command
line, which is `speaking` for what it has staff told. docs/languages.md says what is translated and
how a language is added.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from flows.local_words import ENGLISH, locale

if TYPE_CHECKING:
    from babel.messages import Catalog

CATALOGUES = Path(__file__).parent / "staff_texts"
"""A file for each language, such as `de.po`, beside `aftercheck.pot`, which has every message."""
TEMPLATE = "aftercheck.pot"
NAMED = re.compile(r"%\(([a-z_]+)\)[sd]")
"""A place of a Jinja template's message; the code's own are `{name}`."""


class StaffTextsError(ValueError):
    """A catalogue that staff cannot be written to with; the sentence says why."""


_ENGLISH = NullTranslations()
_ENGLISH_HERE: ContextVar[bool] = ContextVar("english_here", default=False)


class _Spoken:
    """What the process writes to its staff in."""

    language = ENGLISH
    texts = _ENGLISH


def speak(language: str) -> None:
    """Write to staff in this language from now on.

    Raises:
        StaffTextsError: it has no catalogue, or one with a fault.
    """
    _Spoken.texts = _ENGLISH if language == ENGLISH else translations(language)
    _Spoken.language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write to staff in this language meanwhile: at the command line, which itself is English.

    Raises:
        StaffTextsError: it has no catalogue, or one with a fault.
    """
    before = _Spoken.language, _Spoken.texts
    speak(language)
    try:
        yield
    finally:
        _Spoken.language, _Spoken.texts = before


def is_english() -> bool:
    """Whether staff are written to in English."""
    return _Spoken.language == ENGLISH or _ENGLISH_HERE.get()


@contextmanager
def in_english() -> Iterator[None]:
    """Write English meanwhile, in this thread alone: for the audit trail, and for files."""
    before = _ENGLISH_HERE.set(True)
    try:
        yield
    finally:
        _ENGLISH_HERE.reset(before)


def texts() -> NullTranslations:
    """Return the messages as staff read them now."""
    return _ENGLISH if is_english() else _Spoken.texts


def tag() -> str:
    """Return the language of the staff as web pages name it: `pt-BR`."""
    return _Spoken.language.replace("_", "-")


def runs_from_right_to_left() -> bool:
    """Whether the language of the staff is written from right to left."""
    return not is_english() and locale(_Spoken.language).text_direction == "rtl"


def languages() -> list[str]:
    """Return the languages that staff can be written to in."""
    return sorted({ENGLISH, *(path.stem for path in CATALOGUES.glob("*.po"))})


def translations(language: str) -> GNUTranslations:
    """Return the messages of a language, as its catalogue has them.

    Raises:
        StaffTextsError: there is none, or a message has lost what is filled in.
    """
    known = languages()
    if language not in known:
        raise StaffTextsError(
            f"there is no catalogue «{language}» of staff texts; there is {', '.join(known)}"
        )
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - English needs none of it
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    try:
        with (CATALOGUES / f"{language}.po").open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise StaffTextsError(f"{language}.po cannot be read: {error}") from None
    if faults := list(faults_of(catalogue)):
        raise StaffTextsError(f"{language}.po: {'; '.join(faults)}")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def faults_of(catalogue: "Catalog") -> Iterable[str]:
    """Say which messages do not name what their English names: a card would lack its case code."""
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        english = [places(one) for one in several(message.id)]
        needed, known = frozenset.intersection(*english), frozenset.union(*english)
        for text in filter(None, several(message.string)):
            if not needed <= places(text) <= known:
                wanted = ", ".join(sorted(needed)) or "nothing"
                yield f"«{text}» has to name {wanted}, and no other, in braces"


def several(text: str | Iterable[str] | None) -> list[str]:
    """Return a message's forms."""
    return [text] if isinstance(text, str) else list(text or ())


def places(text: str) -> frozenset[str]:
    """Return what is filled into a message; one that cannot be filled has a place of no name."""
    try:
        fields = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        fields = [""]
    return frozenset(fields) | frozenset(NAMED.findall(text))


def gettext(text: str, /, **filled: object) -> str:
    """Return a message in the language of the staff, with what stands in its braces filled in."""
    said = texts().gettext(text) if text else text
    return said.format(**filled) if filled else said


_ = gettext


def N_(text: str) -> str:  # noqa: N802 - gettext's own name, which extraction looks for
    """Mark a message that is translated where it is used; return it as it is."""
    return text


def ngettext(one: str, many: str, number: int, /, **filled: object) -> str:
    """Return the form of a message that a number takes, filled in."""
    said = texts().ngettext(one, many, number)
    return said.format(**filled) if filled else said


def pgettext(context: str, text: str, /, **filled: object) -> str:
    """Return a message that means something else elsewhere; the context says which is meant."""
    said = texts().pgettext(context, text)
    return said.format(**filled) if filled else said


def npgettext(context: str, one: str, many: str, number: int) -> str:
    """Return the form that a number takes of a message with a context."""
    return texts().npgettext(context, one, many, number)


def first_upper(text: str) -> str:
    """Return a message that begins with a capital letter, and is as it was in the rest."""
    return text[:1].upper() + text[1:]


def decimal(number: float, places: int = 0) -> str:
    """Return a number as staff write it: `1,234.5`."""
    if is_english():
        return f"{number:,.{places}f}"
    from babel.numbers import format_decimal  # noqa: PLC0415 - English needs none of it

    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return format_decimal(number, pattern, locale=locale(_Spoken.language))


def percentage(number: float) -> str:
    """Return a share of 100 as staff write it, without decimals: `67 %`."""
    if is_english():
        return f"{number:.0f} %"
    from babel.numbers import format_percent  # noqa: PLC0415 - English needs none of it

    return format_percent(number / 100, locale=locale(_Spoken.language))


def weekday_and_date(wall: date) -> str:
    """Return a date as staff write it: `Tue 24 Nov`."""
    if is_english():
        return f"{wall:%a} {wall.day} {wall:%b}"
    return in_words("MMMEd", wall)


def day_and_month(wall: date) -> str:
    """Return a day as a list has room for it: `8 Dec`."""
    if is_english():
        return f"{wall.day} {wall:%b}"
    return in_words("MMMd", wall)


def full_date(wall: date) -> str:
    """Return a date as staff write it in full: `24 November 2026`."""
    if is_english():
        return f"{wall.day} {wall:%B %Y}"
    from babel.dates import format_date  # noqa: PLC0415 - English needs none of it

    return format_date(wall, "long", locale=locale(_Spoken.language))


def in_words(skeleton: str, wall: date | datetime) -> str:
    """Return a date by a skeleton of CLDR, in the language of the staff."""
    from babel.dates import format_skeleton  # noqa: PLC0415 - English needs none of it

    moment = wall if isinstance(wall, datetime) else datetime(wall.year, wall.month, wall.day)  # noqa: DTZ001
    return format_skeleton(skeleton, moment, locale=locale(_Spoken.language))
