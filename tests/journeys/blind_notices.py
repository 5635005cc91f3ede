"""An alert of which staff are not told as usual: how it begins, and who read of it."""

from datetime import datetime

from clinic import Journey

BLIND = "-1: an alert is open, and its card cannot be shown"


async def an_urgent_alert(clinic: Journey) -> str:
    """Let an alert be urgent, and its first card come; return its case."""
    await clinic.starts_private(clinic.ben, clinic.cleo, clinic.dora)
    code = await clinic.enrolled(clinic.anna)
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, "but I have symptoms", "Fever", "Done")
    await clinic.writes(clinic.anna, "39.2")
    await clinic.passes(minutes=1)
    return code


def heard(clinic: Journey, words: str) -> list[list[datetime]]:
    """Return when the staff chat and each person read something of an alert without its card."""
    people = (clinic.ben, clinic.cleo, clinic.dora)
    screens = [clinic.staff_screen(), *map(clinic.screen, people)]
    return [[seen.at for seen in one if words in seen.text] for one in screens]
