"""Why a file that was asked for has not come, as staff read it in their language."""

import pytest
from pseudo_language import speaks, translated  # noqa: F401 - fixtures

from bot.delivery.calling import made
from bot.delivery.outcome import NotSent, Waits, failed
from bot.delivery.parcel import Upload
from bot.export.files import SHAPES
from bot.staff.asked_files import why
from storage.outbox_rows import STUCK

TABLE, CASE = SHAPES["csv"], SHAPES["json"]


async def not_made() -> NotSent:
    """Return what a file comes to whose writing fails."""

    async def content() -> bytes:
        raise OSError("no room")

    try:
        await made(Upload("document", "history.csv", content))
    except Exception as error:  # noqa: BLE001 - as the courier does
        outcome = failed(error)
    assert isinstance(outcome, NotSent)
    return outcome


async def test_in_english_it_is_said_what_holds_the_file_up() -> None:
    assert why(Waits(3, 8), TABLE) == "it is still being written (3 of 8 cases)"
    assert why(Waits(0, 0), TABLE) == "it is still being written"
    assert why(NotSent(STUCK), TABLE) == "cannot be put together"
    assert why(await not_made(), TABLE) == "cannot be put together (OSError)"
    assert why(NotSent("no connection: ClientConnectorError"), TABLE).startswith("no connection")


@pytest.mark.usefixtures("translated")
async def test_staff_of_another_language_read_none_of_it_in_english() -> None:
    """Within a sentence of the catalogue nothing else finds what was not translated."""
    assert why(Waits(3, 8), TABLE) == "⟦it is still being written (⟦3 of 8 cases⟧)⟧"
    assert why(Waits(1, 3), CASE).startswith("⟦it is still being written (⟦")
    assert why(Waits(0, 0), TABLE) == "⟦it is still being written⟧"
    assert why(NotSent(STUCK), TABLE) == "⟦cannot be put together⟧"
    assert why(await not_made(), TABLE) == "⟦cannot be put together⟧ (OSError)"


@pytest.mark.usefixtures("translated")
def test_what_the_network_says_stands_as_it_says_it() -> None:
    assert why(NotSent("Bad Gateway"), TABLE) == "Bad Gateway"
