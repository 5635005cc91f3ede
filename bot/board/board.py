"""What every page of the board needs: the bot behind it, a reader of its own, the templates."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from bot.board import passes
from bot.clock import Clock
from bot.intake import Intake
from bot.office import Office
from bot.settings import Settings
from bot.toasts import Toasts
from flows import staff_language
from flows.engine.events import Did
from flows.engine.permissions import WEB, permits
from flows.escalation import StaffMember
from flows.staff_language import _
from flows.stored_words import restated
from storage import audit
from storage.reading import Reader
from storage.transaction import Database, Transaction

if TYPE_CHECKING:
    from jinja2 import Environment

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"


class Bot(Protocol):
    """The running bot, as far as the board knows it; its office is there once it has started."""

    settings: Settings
    database: Database
    clock: Clock
    office: Office
    intake: Intake
    toasts: Toasts


class Seat(NamedTuple):
    """Who sits before the browser, and what the browser's forms have to bring."""

    who: StaffMember
    csrf: str

    def may(self, act: str) -> bool:
        """Whether their role may do something on the board."""
        return permits(self.who.role, WEB, act)


class Board:
    """The board of one bot."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @property
    def now(self) -> datetime:
        """The bot's time."""
        return self.bot.clock.now()

    @property
    def office(self) -> Office:
        """The clinic."""
        return self.bot.office

    @property
    def address(self) -> str:
        """Where staff reach the board."""
        return self.bot.settings.board_url.rstrip("/")

    @cached_property
    def reader(self) -> Reader:
        """Reads beside the bot."""
        return Reader(self.bot.settings.database_url)

    async def holder(self, token: str) -> StaffMember | None:
        """Return who holds a cookie, and is on the roster now."""
        now = self.now
        return await self.reader.read(lambda: passes.holder(self.office, token, now))

    async def note(
        self, who: StaffMember, act: str, code: str | None = None, detail: str = "",
        *, allowed: bool = True,
    ) -> None:  # fmt: skip
        """Write into the audit trail what somebody saw, did, or was not allowed to."""
        now = self.now
        event = Did(who.id, who.name, act, detail=detail, allowed=allowed)

        def noting() -> Transaction[None]:
            yield from audit.did(self.office.vault.audit, code, event, now)

        await self.bot.database.run(noting)

    def csrf_of(self, token: str) -> str:
        """Return what the forms of a browser with this cookie have to bring."""
        return passes.csrf_of(self.office.vault.clinic, token)

    def rendered(self, template: str, seat: Seat | None = None, **words: object) -> str:
        """Return a page. What needs much of it is to be called where the reader reads."""
        from markupsafe import Markup  # noqa: PLC0415 - comes with the templates

        common: dict[str, object] = {
            "clinic": self.bot.settings.clinic_name or _("The clinic"), "seat": seat,
            "files": versions(), "draft": self.office.protocol.protocol.draft,
            "language": staff_language.tag(),
            "is_rtl": staff_language.runs_from_right_to_left(),
            "in_english": "" if staff_language.is_english() else Markup(' lang="en" dir="ltr"'),
        }  # fmt: skip
        return templates().get_template(template).render(common | words)


@cache
def templates() -> "Environment":
    """Return the templates; whatever is put into one is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - a start needs none

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        staff_language.gettext, staff_language.ngettext, newstyle=True,
        pgettext=staff_language.pgettext, npgettext=staff_language.npgettext,
    )  # fmt: skip
    made.filters |= {"restated": restated, "first_upper": staff_language.first_upper}
    return made


@cache
def versions() -> Mapping[str, str]:
    """Return by file what its content is known by, so that a browser may keep it for good."""
    names = ("board.css", "htmx.min.js", "live.js", "app.js", "icon.svg")
    return {name: sha256((STATIC / name).read_bytes()).hexdigest()[:12] for name in names}
