"""A case's photos on the board: day 0 beside the latest, and each with a way back."""

import re

from acts import photo
from clinic import Journey

from bot.board.photos import Shot, pair


async def sends_a_photo(journey: Journey) -> None:
    journey.anna.sends_photo(journey.anna.chat_with(journey.bot), photo(1))
    await journey.settle()


async def test_the_photo_that_anna_is_asked_for_on_day_0_stands_there_as_such(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.is_asked(journey.anna)
    await journey.presses(journey.anna, "All good")
    assert "If you like, send us a photo" in journey.screen(journey.anna)[-1].text
    await sends_a_photo(journey)
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    assert "Day 0: 6 h after" in text
    [picture] = re.findall(r'<img src="([^"]+)"', text)
    assert await (await ben.answer(picture)).read() == photo(1)


async def test_photos_stand_side_by_side_the_first_and_the_latest(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    for number in (1, 2, 3):
        journey.anna.sends_photo(journey.anna.chat_with(journey.bot), photo(number))
        await journey.settle()
        await journey.passes(hours=30)
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    assert "Day 0: 0 h after" in text
    assert "Latest: 60 h after" in text
    pictures = re.findall(r'<img src="([^"]+)"', text)
    assert len(pictures) == 2
    answer = await ben.answer(pictures[0])
    assert answer.headers["Content-Type"] == "image/png"
    assert await answer.read() == photo(1)


def shot(number: int, session: int, hours: float) -> Shot:
    return Shot(number, "", "", session, hours)


def test_the_pair_is_of_the_latest_session_and_is_day_0_only_where_it_is() -> None:
    before, third, last = shot(1, 1, 2.0), shot(2, 2, 75.0), shot(3, 2, 400.0)
    assert pair([before, third, last]) == [("First, none of day 0", third), ("Latest", last)]
    assert pair([before]) == [("Day 0", before)]
    assert pair([shot(4, 1, 24.0)])[0][0] == "First, none of day 0"


async def test_a_photo_is_shown_with_its_own_case_alone(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    other = await journey.enrolled(journey.omar)
    await sends_a_photo(journey)
    ben = await clinic.enters(journey.ben)
    [row] = await journey.rows("SELECT id FROM photo")
    assert (await ben.get(f"/board/case/{code}/photo/{row['id']}"))[0] == 200
    assert (await ben.get(f"/board/case/{other}/photo/{row['id']}"))[0] == 404


async def test_a_photo_opens_on_a_page_with_its_day_and_the_way_back(clinic) -> None:
    """In Telegram's Mini App there is no Back: a bare picture would be the end."""
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    other = await journey.enrolled(journey.omar)
    await journey.passes(hours=30)
    await sends_a_photo(journey)
    ben = await clinic.enters(journey.ben)
    _, text = await ben.get(f"/board/case/{code}")
    [page] = set(re.findall(r'<a href="(/board/case/[^"]+/photo/[^"]+)"', text))
    status, text = await ben.get(page)
    assert (status, f'<a href="/board/case/{code}">Back to case {code}</a>' in text) == (200, True)
    assert "<p>30 h after, " in text
    [picture] = re.findall(r'<img src="([^"]+)"', text)
    assert await (await ben.answer(picture)).read() == photo(1)
    for lost in (page.replace(code, other), page.replace("photo/", "photo/9"),
                 page.replace(code, "ZZZZ")):  # fmt: skip
        status, text = await ben.get(lost)
        assert (status, "This photo is not kept." in text) == (404, True), lost
    looks = "SELECT 1 FROM action WHERE action = 'board_photo' AND code = :code"
    assert len(await journey.rows(looks, code=code)) == 1, "once for the picture that was sent"


async def test_from_a_photo_that_is_gone_a_link_leads_back_to_its_case(clinic) -> None:
    code = await clinic.journey.enrolled(clinic.journey.anna)
    ben = await clinic.enters(clinic.journey.ben)
    for page in ("photo/7", "photo/7/page"):
        status, text = await ben.get(f"/board/case/{code}/{page}")
        assert status == 404
        assert f'<a href="/board/case/{code}">Back to case {code}</a>' in text
        assert "To the open alerts" in text
