"""Whatever staff read comes from the catalogue: a whole journey in a language that nobody speaks.

Each message of the catalogue is ⟦in brackets⟧. What is left outside is a protocol's own text, a
name, a code, or what somebody wrote; anything else was forgotten. What is not translated yet is in
`NOT_YET`, and nothing may be added to it.
"""

import asyncio
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from clinic import Journey, a_journey
from mail_server import a_mailbox
from pseudo_language import PSEUDO, outside, speaks  # noqa: F401 - a fixture
from test_coming_and_going import SIGN, cleo_is_admin

from bot import freezing
from bot.staff.commands import COMMANDS
from flows.protocol_file import bundled
from storage.backups import back_up
from storage.restoring import restore
from storage.sealing import Keyring

NOT_YET: tuple[str, ...] = ()
"""Words that staff still read in English, whatever their language."""

WORD = re.compile(r"[^\W\d_]{2,}")
LINK = re.compile(r"https?://\S+")
CODED = re.compile(
    r"\b[A-Z]{1,4}-[A-Za-z0-9_-]+|\b[A-Z]\d[A-Z]\d(-\d+)?\b|\S+[_+/]\S*|\(UNREADABLE\)"
)
"""Rules, case codes, and what else has signs of a code in it."""
DATE = re.compile(r"\b(Mo|Di|Mi|Do|Fr|Sa|So)\., \d+\. [A-Z][a-zä]+\.?")
"""A date as Unicode has it in the language whose code the test borrows."""
PEOPLE = ("Anna", "Omar", "Ben", "Cleo", "Dora", "Eve", "Zoe", "Clinic Sunrise")
SAID = re.compile(r"“[^”]*”")
TYPED = sorted((f"{name} {one.words}".strip() for name, one in COMMANDS.items()), key=len)
COMMAND = re.compile(rf"^/({'|'.join(map(re.escape, reversed(TYPED)))})(?= |:|$)", re.MULTILINE)
"""What one types, as /help has it."""


def of_the_protocol(found: object) -> Iterator[str]:
    """Yield every text that stands in a protocol."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for key, one in found.items():
            yield from (*of_the_protocol(key), *of_the_protocol(one))
    elif isinstance(found, list | tuple | set | frozenset):
        for one in found:
            yield from of_the_protocol(one)


def in_english(clinic: Journey) -> dict[str, list[str]]:
    """Return what staff read outside of the catalogue, by the words, with the whole texts."""
    texts = {one for one in of_the_protocol(bundled().model_dump()) if WORD.search(one)}
    known = {form for one in texts for form in (one, one.capitalize(), one.rstrip("?"))}
    known |= {*PEOPLE, *NOT_YET}
    longest_first = sorted(known, key=len, reverse=True)
    of_others = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest_first))
    found: dict[str, list[str]] = {}
    for one in clinic.world.log:
        if one.chat > 0 and one.person not in clinic.staff_ids:
            continue
        if one.by and one.by != clinic.bot.first_name:
            continue
        for text in (one.text or "", *(label for row in one.buttons for label in row)):
            left = COMMAND.sub(" ", outside(SAID.sub(" ", text)))
            for exempted in (LINK, DATE, of_others, CODED):
                left = exempted.sub(" ", left)
            for words in re.findall(r"[^\n]*", left):
                if WORD.search(words):
                    found.setdefault(" ".join(words.split()), []).append(text)
    return found


@pytest.mark.usefixtures("speaks")
async def test_what_staff_read_is_in_their_language(tmp_path: Path) -> None:
    async with a_journey(
        tmp_path, staff_language=PSEUDO, board_url="https://b.example.org"
    ) as clinic:
        await an_eventful_week(clinic)
        assert in_english(clinic) == {}


@pytest.mark.usefixtures("speaks")
async def test_what_staff_read_when_things_go_wrong_is_in_their_language(tmp_path: Path) -> None:
    """A file cannot be written, the bot is away, a backup comes back, the night is handed over."""
    async with a_journey(tmp_path, staff_language=PSEUDO) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        await cleo_is_admin(clinic)
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        await clinic.presses(clinic.anna, *SIGN)
        await clinic.rewrites("UPDATE answer SET body = x'00'")
        await clinic.staff_writes(clinic.cleo, "/export")
        await clinic.staff_writes(clinic.cleo, "/oncall plan Ben mon 12:00 tue 08:00")
        await clinic.passes(hours=26)
        await clinic.restart(hours=2)
        await clinic.stops()
        copy, database = tmp_path / "copy.db", tmp_path / "clinic.db"
        await asyncio.to_thread(back_up, database, copy)
        now, keyring, known = clinic.clock.now(), Keyring.from_text(clinic.key), clinic.settings()
        await asyncio.to_thread(
            restore, database, copy, lambda: freezing.freeze(known, keyring, now), now
        )
        await clinic.starts()
        await clinic.staff_writes(clinic.cleo, "/resume")
        assert in_english(clinic) == {}
        said = "\n".join(seen.text for seen in clinic.staff_screen() if seen.text)
        for one in ("A backup was restored", "The bot was down", "on call"):
            assert one in said, f"{one} was not said, and so not looked at"


@pytest.mark.usefixtures("speaks")
async def test_what_staff_read_of_a_second_channel_that_fails_is_in_their_language(
    tmp_path: Path,
) -> None:
    """It takes nothing for a while, works again, refuses one message, and is lost."""
    async with a_mailbox() as box, a_journey(
        tmp_path, staff_language=PSEUDO, alert_email="it@example.org",
        smtp_url=f"smtp://watch%40example.org:secret@127.0.0.1:{box.port}",
    ) as clinic:  # fmt: skip
        await clinic.starts_private(clinic.ben)
        await clinic.writes(clinic.ben, "/roster channel ben@example.org")
        [mail] = box.mails
        code = re.search(r"/roster confirm (\w+)", str(mail.get_payload()))
        assert code
        await clinic.writes(clinic.ben, f"/roster confirm {code[1]}")
        await clinic.enrolled(clinic.anna)
        await clinic.is_asked(clinic.anna)
        box.refuses = "451 not now"
        await clinic.presses(clinic.anna, *SIGN)
        await clinic.passes(minutes=7)
        box.refuses = ""
        await clinic.passes(minutes=2)
        box.refuses = "554 5.7.1 spam"
        await clinic.passes(minutes=6)
        box.strange = "550 5.1.1 no such user"
        await clinic.passes(minutes=6)
        assert in_english(clinic) == {}
        said = "\n".join(seen.text for seen in clinic.staff_screen() if seen.text)
        for one in ("has taken nothing", "works again", "was refused there", "is lost"):
            assert one in said, f"{one} was not said, and so not looked at"
        for mail in box.mails:
            subject = str(make_header(decode_header(mail["Subject"])))
            left = outside(f"{subject}\n{mail.get_payload(decode=True).decode()}")
            assert not WORD.search(CODED.sub(" ", left.replace("Clinic Sunrise", ""))), left


async def an_eventful_week(clinic: Journey) -> None:
    """Let happen whatever staff read of."""
    await clinic.staff_writes(clinic.ben, "/case A7K2")
    await clinic.starts_private(clinic.ben, clinic.cleo)
    await cleo_is_admin(clinic)
    anna = await clinic.enrolled(clinic.anna)
    omar = await clinic.enrolled(clinic.omar)
    await enrolling(clinic)
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, *SIGN)
    for label in ("Details in private", "Claim", "Contacted", "Resolve", "Back", "Resolve"):
        await clinic.staff_press(clinic.ben, label, on=anna)
    await clinic.staff_press(clinic.ben, "advised", on=anna)
    await clinic.staff_press(clinic.cleo, "Details in private", on=anna)
    await clinic.staff_writes(clinic.ben, "Please come in tomorrow.", under=anna)
    await clinic.writes(clinic.anna, "/report", "When may I go swimming?")
    clinic.says_aloud(clinic.anna)
    await clinic.settle()
    await asking(clinic, anna)
    await clinic.presses(clinic.omar, "All good")
    await clinic.writes(clinic.anna, "/stop")
    await clinic.presses(clinic.anna, "Yes, stop")
    await clinic.until("Tue 10:00")
    await asking(clinic, omar)


async def enrolling(clinic: Journey) -> None:
    """Enrol with buttons, in one line, and wrongly."""
    for text in ("/enrol", "/enrol nothing", "/enrol inj_skin face", "/link A7K2", "/link ZZ99",
                 "/session A7K2 inj_skin face", "/session A7K2", "/nonsense"):  # fmt: skip
        await clinic.staff_writes(clinic.ben, text)
    await clinic.staff_writes(clinic.eve, "/enrol")
    await clinic.staff_writes(clinic.ben, "AB12", under="lot")


async def asking(clinic: Journey, code: str) -> None:
    """Ask for every list and page that there is."""
    for text in ("/help", "/open", "/digest", "/due", f"/case {code}", "/board",
                 "/export what", "/export", "/export xlsx", f"/export json {code}",
                 "/resume"):  # fmt: skip
        await clinic.staff_writes(clinic.cleo, text)
    for text in ("/roster", "/roster invite nurse Zoe", "/oncall", "/oncall me 4", "/oncall off",
                 "/oncall plan Ben mon 20:00 tue 08:00", "/oncall away Ben 2026-12-24 2026-12-26",
                 "/oncall away Ben 2026-12-24 2026-12-26 cover Cleo", "/oncall plan"):  # fmt: skip
        await clinic.staff_writes(clinic.cleo, text)
    await clinic.writes(clinic.cleo, "/roster channel cleo@example.org", "/roster confirm ABC")
