"""Around the open alerts: who is on call, who waits to be confirmed, what was closed lately."""

import re

from sitting import Browser

from bot.board import around


async def words(browser: Browser, page: str = "/board") -> str:
    status, text = await browser.get(page)
    assert status == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


async def has_a_fever(clinic, person) -> None:
    await clinic.journey.reports(person, "I have symptoms", "Fever", "Done")
    await clinic.journey.writes(person, "39.2")


async def is_closed(clinic, key: str) -> None:
    for label in ("Claim", "Contacted", "Resolve", "Advised"):
        await clinic.journey.staff_press(clinic.journey.ben, label, key)


async def test_now_names_who_is_on_call_and_who_is_told_next(clinic) -> None:
    journey = clinic.journey
    await journey.enrolled(journey.anna)
    cleo = await clinic.enters(journey.cleo)
    assert "Nobody is on call: alerts go to everyone." in await words(cleo)
    await journey.writes(journey.ben, "/oncall me 8")
    await has_a_fever(clinic, journey.anna)
    text = await words(cleo)
    assert "On call until 18:00: Ben " in text
    assert "Told next Ben (on call), 10:05 (in 4 min)" in text
    assert "whoever" not in text


async def test_whoever_stays_on_call_because_nobody_took_over_is_named_as_such(clinic) -> None:
    journey = clinic.journey
    await journey.writes(journey.ben, "/oncall me 2")
    await journey.writes(journey.cleo, "/oncall plan Dora mon 12:00 mon 20:00")
    await journey.passes(hours=3)
    eve = await clinic.enters(journey.eve)
    assert "On call since 12:00, when nobody took over: Ben" in await words(eve)


async def test_whoever_is_on_call_and_cannot_be_reached_is_said(clinic) -> None:
    journey = clinic.journey
    await journey.writes(journey.ben, "/oncall me 8")
    await journey.rewrites("UPDATE staff SET reachable = 0 WHERE name = 'Ben'")
    eve = await clinic.enters(journey.eve)
    assert "On call until 18:00: Ben (cannot be reached in private)" in await words(eve)


async def test_now_says_who_is_on_the_roster_how_they_are_reached_and_who_is_on_call_next(
    clinic,
) -> None:
    journey = clinic.journey
    await journey.rewrites("UPDATE staff SET reachable = 0 WHERE name = 'Dora'")
    await journey.writes(journey.cleo, "/oncall plan Dora mon 12:00 mon 20:00")
    eve = await clinic.enters(journey.eve)
    text = (await words(eve)).partition("Who is on the roster")[2]
    assert "Ben, nurse: reachable" in text
    assert "Dora, nurse: ⚠️ not reachable in private" in text
    assert "Eve, auditor: reachable" in text
    assert "Planned shifts: Dora: 12:00 to 20:00" in text


async def test_whose_chat_waits_to_be_confirmed_stands_there_with_its_age(clinic) -> None:
    journey = clinic.journey
    ben = await clinic.enters(journey.ben)
    assert "to be confirmed" not in await words(ben)
    invited = await journey.invited()
    await journey.opens(journey.anna, invited.link)
    for label in ("I agree", "Done", "I can see this"):
        await journey.presses(journey.anna, label)
    await journey.passes(minutes=20)
    assert f"{invited.code} has waited 20 min to be confirmed in the chat." in await words(ben)
    await journey.staff_press(journey.ben, "Yes", on=invited.code)
    assert "to be confirmed" not in await words(ben)


async def test_a_pairing_whose_card_is_kept_no_longer_is_named_all_the_same(clinic) -> None:
    journey = clinic.journey
    invited = await journey.invited()
    await journey.opens(journey.anna, invited.link)
    for label in ("I agree", "Done", "I can see this"):
        await journey.presses(journey.anna, label)
    await journey.rewrites("DELETE FROM outbox WHERE slot = :slot", slot=f"pairing:{invited.code}")
    ben = await clinic.enters(journey.ben)
    assert f"{invited.code} has waited to be confirmed in the chat." in await words(ben)


async def test_a_closed_case_is_found_on_now_for_a_week(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await has_a_fever(clinic, journey.anna)
    ben = await clinic.enters(journey.ben)
    assert "Closed in the last 7 days" not in await words(ben)
    await is_closed(clinic, f"{code}-1")
    text = await words(ben)
    assert "Nothing is open." in text
    assert f"Closed in the last 7 days {code}-1 urgent, closed by Ben, 10:00: advised" in text
    _, page = await ben.get("/board")
    assert f'<a href="/board/case/{code}" id="closed-{code}-1">' in page
    await journey.rewrites("UPDATE alert SET resolved_at = '2026-11-15T00:00:00.000000+00:00'")
    assert "Closed in the last 7 days" not in await words(ben)


async def test_an_erased_case_is_not_listed(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await has_a_fever(clinic, journey.anna)
    await is_closed(clinic, f"{code}-1")
    await journey.rewrites("UPDATE patient SET wrapped_key = x'' WHERE code = :code", code=code)
    ben = await clinic.enters(journey.ben)
    assert code not in await words(ben)


async def test_more_than_are_listed_are_said(clinic, monkeypatch) -> None:
    journey = clinic.journey
    monkeypatch.setattr(around, "MOST_CLOSED", 1)
    for person in (journey.anna, journey.omar):
        code = await journey.enrolled(person)
        await has_a_fever(clinic, person)
        await is_closed(clinic, f"{code}-1")
    text = await words(await clinic.enters(journey.ben))
    assert "These are the latest 1. Any other case opens by its code, above." in text
    assert f"{code}-1 urgent, closed by" in text, "the latest first"
    assert text.count("closed by") == 1
