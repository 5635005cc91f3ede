"""Who may be let in, given another role, or taken off the roster: the rules, without any storage.

Each function returns the sentence that says why not, empty where nothing is against it.

Hazards: H31, H44.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, cast, get_args

from flows.escalation import Role, StaffMember
from flows.staff_language import N_, _

ROLES: Final[tuple[Role, ...]] = get_args(Role)
NAME: Final = re.compile(r"[^\s:,/][^:,\n]{0,63}")
"""What a name on the roster can be: patients read it under what staff write to them."""

BOTH: Final = 2
"""People who can be reached, so that one may be ill (docs/sources.md, two-people)."""

ALONE: Final = N_(
    "Where there is only one person, whoever runs the bot sets "
    "SINGLE_HANDED=true, and everybody knows that nobody is told while that one "
    "cannot be."
)

NO_ADMIN_LEFT: Final = N_(
    "{name} is the only admin, and then nobody could change the roster. Make "
    "somebody else an admin first. Whoever runs the bot can do it: aftercheck "
    "roster."
)


def role_named(word: str) -> Role | None:
    """Return the role that a word names, None where it names none."""
    return cast("Role", word.lower()) if word.lower() in ROLES else None


def present(roster: Iterable[StaffMember]) -> list[StaffMember]:
    """Return who is on the roster now."""
    return [one for one in roster if one.on_roster]


def named(roster: Iterable[StaffMember], name: str) -> StaffMember | None:
    """Return who on the roster has this name, however it is spelled in capitals."""
    return next((one for one in present(roster) if one.name.casefold() == name.casefold()), None)


def why_not_start(roster: Iterable[StaffMember], *, single_handed: bool) -> str:
    """Say why nobody new may be looked after: too few of those who take alerts can be reached.

    Two are needed, or one in a practice that says of itself that it has no more.
    """
    takers = [one for one in roster if one.takes_alerts]
    missing = [one.name for one in takers if not one.reachable]
    needed = 1 if single_handed else BOTH
    if len(takers) - len(missing) >= needed:
        return ""
    too_few = (
        _("Nobody who takes alerts can be reached in private")
        if single_handed
        else _("Fewer than two people who take alerts can be reached in private")
    )
    said = [f"{too_few}."]
    if missing:
        those = _("not {names}. They open a private chat with me and press Start.",
                  names=", ".join(missing))  # fmt: skip
        said = [f"{too_few}: {those}"]
    if len(takers) < needed:
        said.append(_("An admin lets somebody in: /roster invite."))
        said += [] if single_handed else [_(ALONE)]
    return " ".join(said)


def why_not_invite(roster: Iterable[StaffMember], name: str) -> str:
    """Say why nobody of this name can be let in."""
    if NAME.fullmatch(name) is None:
        return _(
            "«{name}» is no name for the roster: up to 64 characters, no comma or colon.",
            name=name[:64],
        )
    if named(roster, name) is not None:
        return _("{name} is on the roster already. Use a name that tells the two apart.", name=name)
    return ""


def why_not_role(roster: Sequence[StaffMember], whom: StaffMember, role: Role) -> str:
    """Say why somebody cannot get this role."""
    if not whom.on_roster:
        return _("{name} is not on the roster any more.", name=whom.name)
    if whom.role == role:
        return _("{name} has that role already.", name=whom.name)
    return why_not_last_admin(roster, whom)


def why_not_leave(roster: Sequence[StaffMember], whom: StaffMember) -> str:
    """Say why somebody cannot be taken off."""
    if not whom.on_roster:
        return _("{name} is not on the roster any more.", name=whom.name)
    return why_not_last_admin(roster, whom)


def why_not_last_admin(roster: Iterable[StaffMember], whom: StaffMember) -> str:
    """Say why the last admin has to stay one: the chat would have nobody who may let people in."""
    admins = [one for one in present(roster) if one.role == "admin"]
    return _(NO_ADMIN_LEFT).format(name=whom.name) if admins == [whom] else ""
