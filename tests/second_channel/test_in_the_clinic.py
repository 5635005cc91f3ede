"""Stories: an alert that Telegram does not bring, or nobody answers, arrives by e-mail."""

import asyncio
import logging

import pytest
from certificate import certified
from mail_server import a_mailbox
from mailed_clinic import (
    BENS,
    a_clinic,
    a_service,
    confirms,
    confirms_service,
    is_in_danger,
    staff_chat,
    state,
    writes,
)

from bench.reliability.ward import Ward, press
from bot.staff import leaving
from bot.standin.errors import Refusal
from storage import clinic, second_channels
from storage.condition import backlog
from storage.transaction import Query, Transaction


@pytest.mark.hazard("H53", "H28")
async def test_nobody_answers_and_ben_hears_by_e_mail_at_the_next_rung() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        code = await is_in_danger(ward)
        await ward.passes(minutes=4)
        assert box.mails == [], "Telegram has told him"
        await ward.passes(minutes=1, seconds=10)
        [mail] = box.mails
        assert mail["To"] == BENS
        assert mail["Subject"] == f"Clinic Sunrise: EMERGENCY {code}-1"
        assert f"call the patient {code}" in mail.get_payload()
        whole = mail.as_string()
        assert ward.patients[0].canary not in whole, "no name"
        assert "reathing" not in whole, "nothing of what was said"
        press(ward.ben, ward.staff, "Claim", code)
        await ward.settle()
        await ward.passes(minutes=20)
        assert len(box.mails) == 1, "somebody has it"


@pytest.mark.hazard("H53")
async def test_ben_blocked_the_bot_and_hears_by_e_mail_at_once() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        refusal = Refusal(403, "Forbidden: bot was blocked by the user")
        ward.world.faults.refuses(refusal, "sendMessage", ward.ben.chat_with(ward.bot).id, times=9)
        await is_in_danger(ward)
        assert [mail["To"] for mail in box.mails] == [BENS]
        await ward.passes(minutes=5, seconds=10)
        assert len(box.mails) == 2, "and with each notice from then on"


@pytest.mark.hazard("H53", "H02")
async def test_telegram_is_down_and_ben_hears_by_e_mail() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        code = await is_in_danger(ward)
        ward.world.faults.server_error(502, "sendMessage", times=10_000)
        await ward.passes(minutes=5, seconds=10)
        assert {mail["Subject"] for mail in box.mails} == {f"Clinic Sunrise: EMERGENCY {code}-1"}


@pytest.mark.hazard("H46", "H53")
async def test_an_alert_that_cannot_be_read_is_mailed_all_the_same(caplog) -> None:
    """What is wrong is in the log; Ben is told which case to phone."""
    caplog.set_level(logging.CRITICAL)
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        ward.ben.blocks(ward.bot)
        await ward.settle()
        box.refuses = "451 later"
        code = await is_in_danger(ward)
        await damaged(ward, "UPDATE alert SET body = :body")
        box.refuses = ""
        await ward.passes(minutes=3)
        [mail] = box.mails
        assert mail["Subject"] == f"Clinic Sunrise: CANNOT BE READ {code}-1"
        assert f"call the patient {code}" in mail.get_payload()


@pytest.mark.hazard("H53")
async def test_a_channel_that_cannot_be_read_is_told_once(caplog) -> None:
    caplog.set_level(logging.CRITICAL)
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        ward.ben.blocks(ward.bot)
        await ward.settle()
        await damaged(ward, "UPDATE staff SET channel = :body WHERE channel IS NOT NULL")
        await is_in_danger(ward)
        await ward.passes(minutes=4)
        told = [text for text in staff_chat(ward) if "second channel has taken nothing" in text]
        assert len(told) == 1


async def damaged(ward: Ward, text: str) -> None:
    """Damage rows behind the bot's back."""

    def damage() -> Transaction[None]:
        yield Query(text, {"body": b"x"})

    await ward.app.database.run(damage)


async def test_what_was_never_confirmed_is_written_to_by_nobody() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await writes(ward, ward.ben, f"/roster channel {BENS}")
        assert len(box.mails) == 1
        assert "not the code" in await writes(ward, ward.ben, "/roster confirm AAAAAAAA")
        await is_in_danger(ward)
        await ward.passes(minutes=16)
        assert len(box.mails) == 1, "the code alone"
        assert await state(ward, ward.ben) == "asked"


@pytest.mark.hazard("H53")
async def test_a_channel_that_is_lost_is_told_to_the_staff_chat() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        box.strange = "550 no such user"
        await is_in_danger(ward)
        await ward.passes(minutes=6)
        [lost] = [text for text in staff_chat(ward) if "second channel is lost" in text]
        assert lost.startswith("⚠️ Ben's second channel is lost: what it leads to takes nothing")
        assert "550" in lost
        assert BENS not in lost
        assert await state(ward, ward.ben) == "lost"
        box.strange = ""
        await ward.passes(minutes=20)
        assert box.mails == [], "it has to be confirmed anew"


@pytest.mark.hazard("H53")
async def test_a_spam_filter_that_refuses_a_mail_ends_that_one_alone() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        box.refuses = "554 5.7.1 looks like spam"
        code = await is_in_danger(ward)
        await ward.passes(minutes=6)
        [told] = [text for text in staff_chat(ward) if "refused there for what stands" in text]
        assert told.startswith("⚠️ A message to Ben's second channel was refused there")
        assert "(554)" in told
        assert await state(ward, ward.ben) == "confirmed"
        box.refuses = ""
        await ward.passes(minutes=10)
        assert {mail["Subject"] for mail in box.mails} == {f"Clinic Sunrise: EMERGENCY {code}-1"}


@pytest.mark.hazard("H53")
async def test_a_mail_server_that_is_down_is_told_once_and_the_alert_arrives_later() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        box.refuses = "451 not now"
        code = await is_in_danger(ward)
        await ward.passes(minutes=12)
        said = [text for text in staff_chat(ward) if "has taken nothing for a minute" in text]
        [once] = said
        assert once.startswith("⚠️ Ben's second channel has taken nothing for a minute (451).")
        assert await state(ward, ward.ben) == "failing"
        found = await ward.app.database.read(lambda: backlog(ward.clock.now()))
        assert found.alert_at is None, "nothing of Telegram waits, so the heartbeat goes on"
        box.refuses = ""
        await ward.passes(minutes=1, seconds=30)
        [mail] = box.mails
        assert mail["Subject"] == f"Clinic Sunrise: EMERGENCY {code}-1", "not one for each notice"
        assert "Ben's second channel works again." in staff_chat(ward)
        assert await state(ward, ward.ben) == "confirmed"


@pytest.mark.hazard("H53")
async def test_what_waits_goes_nowhere_once_cleo_has_the_alert_or_ben_takes_none() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        box.refuses = "451 not now"
        code = await is_in_danger(ward)
        await ward.passes(minutes=5, seconds=10)
        press(ward.cleo, ward.staff, "Claim", code)
        await ward.settle()
        box.refuses = ""
        await ward.passes(minutes=10)
        assert box.mails == [], "Cleo has it"
        box.refuses = "451 not now"
        await ward.passes(minutes=26)
        [ben] = [one for one in await ward.app.database.read(clinic.roster) if one.name == "Ben"]
        office, now = ward.app.office, ward.clock.now()
        await ward.app.database.run(
            lambda: leaving.change_role(office, ben, "auditor", "by Cleo", now)
        )
        box.refuses = ""
        await ward.passes(minutes=10)
        assert box.mails == [], "Ben takes no alerts now"


@pytest.mark.hazard("H53")
async def test_a_code_that_cannot_go_now_is_told_once_and_goes_later() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        box.refuses = "451 not now"
        await writes(ward, ward.ben, f"/roster channel {BENS}")
        await ward.passes(minutes=10)
        assert sum("has taken nothing" in text for text in staff_chat(ward)) == 1
        trail = await ward.rows("SELECT detail FROM action WHERE action = 'channel' ORDER BY id")
        assert [row["detail"] for row in trail] == [
            "Ben's: an e-mail, not confirmed yet", "Ben's: takes nothing (451)",
        ]  # fmt: skip
        box.refuses = ""
        await ward.passes(minutes=2)
        assert len(box.mails) == 1


@pytest.mark.hazard("H53")
async def test_a_code_that_goes_nowhere_is_told_as_well() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        box.strange = "550 no such user"
        await writes(ward, ward.ben, f"/roster channel {BENS}")
        assert await state(ward, ward.ben) == "lost"
        assert any("second channel is lost" in text for text in staff_chat(ward))


@pytest.mark.hazard("H53")
async def test_a_mail_that_may_have_arrived_goes_again_and_says_so() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        box.forgets = True
        await is_in_danger(ward)
        await ward.passes(minutes=5, seconds=2)
        first, second, *_ = box.mails
        assert "repeat" not in first.get_payload()
        assert second.get_payload().rstrip().endswith("\n\nrepeat 2")


@pytest.mark.hazard("H53", "H09")
async def test_a_mail_server_that_hangs_holds_up_no_card() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        await is_in_danger(ward)
        box.hangs, box.reached = True, asyncio.Semaphore(0)
        ward.clock.moves(minutes=5)
        await ward.app.tick.run()
        hanging = asyncio.create_task(ward.app.second_sender.drain())
        await box.reached.acquire()
        before = len(ward.ben.sees(ward.ben.chat_with(ward.bot)))
        await ward.app.sender.drain()
        assert len(ward.ben.sees(ward.ben.chat_with(ward.bot))) > before
        assert not hanging.done()
        box.hangs = False
        box.let_go.set()
        await hanging
        await ward.settle()
        assert len(box.mails) == 1, "it goes once the server is well"


@pytest.mark.hazard("H53")
async def test_where_the_server_encrypts_the_code_is_encrypted_too(tmp_path, monkeypatch) -> None:
    context, trusted = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with a_mailbox(context) as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        await is_in_danger(ward)
        await ward.passes(minutes=6)
        assert len(box.mails) == 1
        assert box.encrypted == [True, True]


@pytest.mark.hazard("H53")
async def test_an_on_call_service_hears_of_it_over_the_web() -> None:
    async with a_service() as service, a_mailbox() as box, a_clinic(box) as ward:
        said = await writes(ward, ward.ben, f"/roster channel {service.url}")
        assert "is no e-mail and no https address" in said, "whoever runs the bot may, by hand"
        await confirms_service(ward, service, ward.ben)
        case = await is_in_danger(ward)
        await ward.passes(minutes=6)
        assert [one["key"] for one in service.got] == [f"{case}-1"]


@pytest.mark.hazard("H53")
@pytest.mark.parametrize("status", [302, 403, 404, 429])
async def test_a_service_that_takes_nothing_now_is_told_once_and_hears_of_it_later(status) -> None:
    async with a_service() as service, a_mailbox() as box, a_clinic(box) as ward:
        await confirms_service(ward, service, ward.ben)
        service.says = status
        case = await is_in_danger(ward)
        await ward.passes(minutes=8)
        [told] = [text for text in staff_chat(ward) if "'s second channel" in text]
        assert told.startswith("⚠️ Ben's second channel has taken nothing for a minute")
        assert await state(ward, ward.ben) == "failing"
        service.says = 200
        await ward.passes(minutes=2)
        assert [one["key"] for one in service.got] == [f"{case}-1"]
        assert await state(ward, ward.ben) == "confirmed"


@pytest.mark.hazard("H53")
async def test_a_service_that_refuses_one_message_is_told_and_gets_the_next() -> None:
    async with a_service() as service, a_mailbox() as box, a_clinic(box) as ward:
        await confirms_service(ward, service, ward.ben)
        service.says = 422
        case = await is_in_danger(ward)
        await ward.passes(minutes=6)
        [told] = [text for text in staff_chat(ward) if "'s second channel" in text]
        assert "was refused there for what stands in it (422)" in told
        assert await state(ward, ward.ben) == "confirmed"
        service.says = 200
        await ward.passes(minutes=5)
        assert [one["key"] for one in service.got] == [f"{case}-1"]


@pytest.mark.hazard("H53")
async def test_a_service_that_is_gone_is_told_to_the_staff_chat() -> None:
    async with a_service() as service, a_mailbox() as box, a_clinic(box) as ward:
        await confirms_service(ward, service, ward.ben)
        service.says = 410
        await is_in_danger(ward)
        await ward.passes(minutes=6)
        [told] = [text for text in staff_chat(ward) if "'s second channel" in text]
        assert told.startswith("⚠️ Ben's second channel is lost")
        assert await state(ward, ward.ben) == "lost"


@pytest.mark.hazard("H53", "H31")
async def test_whoever_leaves_takes_the_address_along() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        await is_in_danger(ward)

        def leaves():
            yield from clinic.leave(ward.ben.id)
            return (yield from second_channels.of(ward.app.office.vault.clinic, ward.ben.id))

        assert await ward.app.database.run(leaves) is None
        await ward.passes(minutes=16)
        assert box.mails == []


async def test_after_twenty_hours_without_a_bot_ben_gets_one_e_mail() -> None:
    async with a_mailbox() as box, a_clinic(box) as ward:
        await confirms(ward, box, ward.ben, BENS)
        await is_in_danger(ward)
        ward.clock.moves(hours=20)
        await ward.settle()
        assert len(box.mails) == 1
