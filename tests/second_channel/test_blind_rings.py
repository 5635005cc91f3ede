"""Stories: an alert that cannot be told as usual goes past Telegram where Telegram is down too."""

import logging

import pytest
from mail_server import a_mailbox
from mailed_clinic import BENS, a_clinic, confirms, is_in_danger

from bench.reliability.ward import Ward
from bot import failing
from storage.due import DueRow
from storage.transaction import Query, Transaction


@pytest.mark.hazard("H46", "H53")
async def test_a_notice_that_fails_while_telegram_is_down_is_mailed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Ben hears by e-mail, each quarter of an hour; not while Telegram tells him."""
    caplog.set_level(logging.CRITICAL)
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        code = await is_in_danger(ward)
        await cannot_be_decided(ward)
        await ward.passes(minutes=12)
        assert any("cannot be shown" in text for text in private(ward)), "Telegram tells him"
        assert not box.mails
        ward.world.faults.server_error(502, "sendMessage", times=10_000)
        await ward.passes(minutes=32)
        assert len(box.mails) == 2
        assert all(f"{code}-1" in mail["Subject"] for mail in box.mails)


@pytest.mark.hazard("H46", "H53")
async def test_an_alert_that_cannot_be_raised_is_mailed_to_whom_telegram_does_not_reach(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        ward.ben.blocks(ward.bot)
        await ward.settle()
        code, now = ward.patients[0].code, ward.clock.now()
        row = DueRow("red_flag", f"{code}:x", code, now)
        await ward.app.database.run(lambda: failing.told(ward.app.office, row, now, now))
        await ward.settle()
        [mail] = box.mails
        assert mail["Subject"] == f"Clinic Sunrise: CANNOT BE READ {code}"
        assert f"call the patient {code}" in mail.get_payload()


def private(ward: Ward) -> list[str]:
    return [seen.text for seen in ward.ben.sees(ward.ben.chat_with(ward.bot))]


async def cannot_be_decided(ward: Ward) -> None:
    """Damage the case behind the bot's back: its alert can be read, and not be told again."""

    def damage() -> Transaction[None]:
        yield Query("UPDATE check_in SET body = :body WHERE body IS NOT NULL", {"body": b"xx"})

    await ward.app.database.run(damage)
