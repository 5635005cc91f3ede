"""The clinic's page, from what people really did."""

import re

from bot.enrolment import set_lot
from flows.escalation import StaffMember


async def test_ben_reads_how_the_clinic_does(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    other = await journey.enrolled(journey.omar)
    ben = StaffMember(journey.ben.id, "Ben", "nurse")
    now = journey.clock.now()
    await journey.app.database.run(lambda: set_lot(journey.app.office, (code, 1), "ab12", now, ben))
    await journey.is_asked(journey.anna)
    await journey.presses(journey.anna, "All good")
    await journey.reports(journey.omar, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.omar, "39.2")
    await journey.passes(minutes=4)
    await journey.staff_press(journey.ben, "Claim", f"{other}-1")
    browser = await clinic.enters(journey.ben)
    status, text = await browser.get("/board/clinic?days=7")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    assert status == 200
    assert "Check-ins answered 100 % 1 of 1, 1 to the end" in words
    assert "Until somebody has it 4 min" in words
    assert "Pale: 95 % were" in words
    assert "FEV-07 39.0-40.0 C (FDA grade 3) 1 100.0" in words
    assert "Face/skin injection 2 1 (50 %)" in words
    assert "AB12 1 0 (0 %)" in words
    assert "Everybody can be reached." in words


async def test_two_treatments_of_one_session_are_called_by_their_names(clinic) -> None:
    await clinic.journey.enrolled(clinic.journey.anna, "mn_topical+inj_skin")
    browser = await clinic.enters(clinic.journey.ben)
    text = await browser.reads("/board/clinic")
    assert "Microneedling + topical exosomes + Face/skin injection" in text
    assert "mn_topical" not in text


async def test_whoever_cannot_be_written_to_is_listed(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    journey.anna.blocks(journey.bot)
    await journey.settle()
    await journey.passes(hours=30)
    browser = await clinic.enters(journey.ben)
    _, text = await browser.get("/board/clinic")
    assert f'<a href="/board/case/{code}">{code}</a> since' in text


async def test_an_empty_clinic_has_a_page_and_a_strange_span_is_the_usual(clinic) -> None:
    browser = await clinic.enters(clinic.journey.ben)
    for days in ("", "abc", "0", "-7", "٣٠", "999999999999"):
        status, text = await browser.get(f"/board/clinic?days={days}")
        assert status == 200
        assert '<a href="/board/clinic?days=30" aria-current="true">' in text
