"""One case on the board."""

import re

import pytest
from acts import photo
from clinic import Journey
from sitting import AtTheBoard

from bot.standin import Seen
from flows.escalation import StaffMember
from storage import clinic as stored


async def with_a_story(clinic: AtTheBoard) -> str:
    """Anna is well at first, then has a fever; Ben takes it, writes to her, and closes it."""
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.is_asked(journey.anna)
    await journey.presses(journey.anna, "All good")
    await has_a_fever(journey)
    await journey.staff_press(journey.ben, "Claim")
    await journey.staff_writes(journey.ben, "Please drink a lot.", under=f"{code}-1")
    for label in ("Contacted", "Resolve", "Advised"):
        await journey.staff_press(journey.ben, label)
    return code


async def has_a_fever(journey: Journey) -> None:
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, "39.2")


async def test_ben_reads_annas_whole_story(clinic) -> None:
    code = await with_a_story(clinic)
    ben = await clinic.enters(clinic.journey.ben)
    status, text = await ben.get(f"/board/case/{code}")
    assert status == 200
    for words in ("Session 1", "All good, none of the warning signs", "39.0-40.0 C (FDA grade 3)",
                  "FEV-07", "S2, S3", "Ben took it", "Ben contacted the patient",
                  "Ben closed it", "Please drink a lot.", "Body temperature"):  # fmt: skip
        assert words in text, words
    line = re.sub(r"\s+", " ", text)
    order = [line.index(words) for words in ("Ben closed it", "Ben took it", "Session 1<")]
    assert order == sorted(order), "the latest first"


async def test_an_alert_stands_there_as_it_was_opened_and_as_it_rose(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.writes(journey.anna, "it feels a bit odd")
    await journey.presses(journey.anna, "All good")
    await journey.passes(hours=3)
    await has_a_fever(journey)
    ben = await clinic.enters(journey.ben)
    words = story((await ben.get(f"/board/case/{code}"))[1])
    opened = f"10:00 Alert {code}-1 Watch "
    rose = f"13:00 Alert {code}-1, raised from watch Urgent "
    assert words.index(rose) < words.index(opened)
    assert words.partition(rose)[2].startswith("39.0-40.0 C (FDA grade 3) urgent · FEV-07")
    before = words.partition(opened)[2]
    assert "FEV-07" not in before
    assert "Urgent" not in before
    assert "read it watch · WORDS" in before


async def test_an_alert_whose_raises_are_not_in_the_trail_is_not_called_urgent_too_early(
    clinic,
) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.writes(journey.anna, "it feels a bit odd")
    await journey.presses(journey.anna, "All good")
    await journey.passes(hours=3)
    await has_a_fever(journey)
    await journey.rewrites("UPDATE action SET detail = '' WHERE action = 'raised'")
    ben = await clinic.enters(journey.ben)
    words = story((await ben.get(f"/board/case/{code}"))[1])
    assert f"13:00 Alert {code}-1, raised Urgent" in words
    assert f"10:00 Alert {code}-1 Opened at a lower level" in words


async def test_what_came_to_an_alert_without_raising_it_stands_there_as_such(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await has_a_fever(journey)
    await journey.writes(journey.anna, "it feels a bit odd")
    ben = await clinic.enters(journey.ben)
    words = story((await ben.get(f"/board/case/{code}"))[1])
    assert f"Alert {code}-1 Urgent Added later: The patient wrote something" in words


async def test_what_anna_herself_did_stands_there_in_plain_words(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.writes(journey.anna, "/settings")
    await journey.presses(journey.anna, "Pause")
    await journey.writes(journey.anna, "/stop")
    await journey.presses(journey.anna, "Yes, stop")
    ben = await clinic.enters(journey.ben)
    words = story((await ben.get(f"/board/case/{code}"))[1])
    for line in ("The patient opened the link",
                 "The patient agreed to take part To the text of version",
                 "The patient asked for a pause 1 d", "The patient stopped the check-ins",
                 "Ben confirmed whose chat it is"):  # fmt: skip
        assert line in words, line


async def test_a_check_in_that_another_took_the_place_of_names_it_in_words(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    assert await journey.is_asked(journey.anna)
    await journey.passes(days=2)
    ben = await clinic.enters(journey.ben)
    words = story((await ben.get(f"/board/case/{code}"))[1])
    assert "6 h after: not answered «Check-in, 24 h after» took its place" in words
    assert "/check_in/" not in words


async def test_a_source_that_is_somebodys_own_choice_is_called_so(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    journey.anna.sends_photo(journey.anna.chat_with(journey.bot), photo(1))
    await journey.settle()
    ben = await clinic.enters(journey.ben)
    page = await ben.reads(f"/board/case/{code}")
    assert "PHOTO · own choice" in page
    assert "own_choice" not in page


async def test_a_claim_that_was_given_back_stands_there(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await has_a_fever(journey)
    await journey.staff_press(journey.dora, "Claim")
    eve = StaffMember(journey.eve.id, "Eve", "admin")
    await journey.app.database.run(lambda: stored.join(eve, journey.clock.now()))
    await journey.staff_writes(journey.eve, "/roster")
    for label in ("Change Dora", "Take Dora off the roster", "Yes, at once"):
        await journey.staff_press(journey.eve, label)
    ben = await clinic.enters(journey.ben)
    words = story((await ben.get(f"/board/case/{code}"))[1])
    assert f"Aftercheck gave it back, so that nobody has it · {code}-1 Dora has left" in words


def story(page: str) -> str:
    """Return what happened, as the page says it."""
    line = page.partition('<ol class="line">')[2].partition("</ol>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line))


async def test_a_fever_stands_above_what_is_expected(clinic) -> None:
    code = await with_a_story(clinic)
    ben = await clinic.enters(clinic.journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    chart = text.partition("Body temperature")[2].partition("</figure>")[0]
    assert "39.2 °C (urgent)" in chart
    assert 'class="answer full"' in chart


async def test_ben_acts_on_the_case_and_stays_there(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await has_a_fever(journey)
    ben = await clinic.enters(journey.ben)
    page = f"/board/case/{code}"
    path = f"/board/alert/{code}-1/claim"
    fields = await ben.form(page, path)
    url = clinic.server.make_url(path)
    referer = {"Referer": f"http://127.0.0.1:1{page}"}
    async with ben.session.post(url, data=fields, headers=referer) as response:
        assert response.url.path == page
        assert "by Ben, 10:00" in await response.text()


async def sends_a_photo(journey: Journey) -> None:
    journey.anna.sends_photo(journey.anna.chat_with(journey.bot), photo(1))
    await journey.settle()


async def says_aloud(journey: Journey) -> None:
    journey.says_aloud(journey.anna)
    await journey.settle()


async def cannot_breathe_after_a_stop(journey: Journey) -> None:
    await journey.writes(journey.anna, "/stop")
    await journey.presses(journey.anna, "Yes, stop")
    await journey.writes(journey.anna, "I cannot breathe")


@pytest.mark.parametrize("comes", [sends_a_photo, says_aloud, cannot_breathe_after_a_stop])
async def test_ben_does_not_read_that_all_is_good_where_nothing_was_asked(clinic, comes) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await comes(journey)
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    assert "Report by the patient" in text
    assert "Nothing was asked: see the words, the photo or the alert" in text
    assert "All good" not in text


async def presses_again(journey: Journey, asked: Seen) -> None:
    await journey.presses_old(journey.anna, asked, "One of these")


async def writes_of_danger(journey: Journey, asked: Seen) -> None:
    assert asked.buttons
    await journey.writes(journey.anna, "my throat is swelling")


@pytest.mark.hazard("H45")
@pytest.mark.parametrize("reopens", [presses_again, writes_of_danger])
async def test_ben_does_not_read_that_all_is_good_while_she_is_asked_for_signs(
    clinic, reopens
) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    journey.world.faults.breaks("reset_after", "sendMessage", journey.anna.chat.id)
    await journey.is_asked(journey.anna)
    await journey.passes(minutes=31)
    asked = journey.screen(journey.anna)[-2]  # may not have arrived, so that a reminder followed
    await journey.presses(journey.anna, "All good")
    ben = await clinic.enters(journey.ben)
    assert "Nothing is open." in (await ben.get("/board"))[1]
    await reopens(journey, asked)
    now = (await ben.get("/board"))[1]
    assert "Nothing is open." not in now
    assert f"{code}</a> has opened the list of warning signs." in now
    case = (await ben.get(f"/board/case/{code}"))[1]
    assert "All good" not in case
    assert "The list of warning signs was opened, and has no answer" in case
    await journey.passes(minutes=6)
    now = (await ben.get("/board"))[1]
    assert "Urgent" in now
    assert "has opened the list" not in now


async def test_who_looked_is_on_the_page_and_in_the_trail(clinic) -> None:
    code = await with_a_story(clinic)
    eve = await clinic.enters(clinic.journey.eve)
    await eve.get(f"/board/case/{code}")
    _, text = await eve.get(f"/board/case/{code}")
    assert "Eve opened this page" in text
    rows = await clinic.journey.rows(
        "SELECT actor FROM action WHERE action = 'board_case' AND code = :code", code=code
    )
    assert [row["actor"] for row in rows] == [clinic.journey.eve.id] * 2


async def test_a_case_that_is_not_there_is_said(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    status, text = await ben.get("/board/case/ZZZZ")
    assert status == 404
    assert "There is no case with this code" in text


async def test_annas_page_says_nothing_of_omar(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    other = await journey.enrolled(journey.omar)
    await journey.writes(journey.omar, "my secret is zebrafish")
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    assert "zebrafish" not in text
    assert other not in text


async def test_words_and_pictures_stay_what_they_are(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.writes(journey.anna, "<img src=x onerror=alert(1)>")
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


async def test_how_anna_likes_the_result_stands_there(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna, hours_ago=7 * 24 - 1)
    while not any("how you like the result" in seen.text for seen in journey.screen(journey.anna)):
        assert await journey.is_asked(journey.anna)
    await journey.presses(journey.anna, "All good", "I am pleased")
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    assert "Day 35 after session 1: I am pleased" in text
    assert "1 of 5, 1 is best" in text
