"""Who is let into the board, and for how long."""

import pytest


@pytest.mark.hazard("H35")
async def test_ben_comes_in_by_a_link_that_works_once(clinic) -> None:
    path = await clinic.link(clinic.journey.ben)
    ben, thief = clinic.browser(), clinic.browser()
    status, text = await ben.post(path)
    assert (status, "Ben, nurse" in text) == (200, True)
    status, text = await thief.post(path)
    assert status == 403
    assert "was used already" in text
    assert (await thief.get("/board"))[0] == 401


async def test_looking_at_a_link_does_not_use_it_up(clinic) -> None:
    """Chat apps look at links before people do."""
    path = await clinic.link(clinic.journey.ben)
    ben = clinic.browser()
    assert (await ben.get(path))[0] == 200
    assert (await ben.get(path))[0] == 200
    assert (await ben.post(path))[0] == 200


async def test_a_link_runs_out_after_ten_minutes(clinic) -> None:
    path = await clinic.link(clinic.journey.ben)
    clinic.journey.clock.moves(minutes=10)
    assert (await clinic.browser().post(path))[0] == 403


async def test_a_browser_is_let_in_for_twelve_hours(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    clinic.journey.clock.moves(hours=11, minutes=59)
    assert (await ben.get("/board"))[0] == 200
    clinic.journey.clock.moves(minutes=1)
    assert (await ben.get("/board"))[0] == 401


async def test_a_guessed_link_is_nobodys(clinic) -> None:
    status, text = await clinic.browser().post("/board/enter/AAAAAAAAAAAAAAAAAAAAAA")
    assert status == 403
    assert "Send /board to the bot" in text


@pytest.mark.hazard("H31")
async def test_ben_who_has_left_the_clinic_is_out_with_his_next_request(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    await clinic.journey.rewrites(
        "UPDATE staff SET on_roster = 0 WHERE user_id = :ben", ben=clinic.journey.ben.id
    )
    assert (await ben.get("/board"))[0] == 401
    assert (await ben.post("/board/alert/A7K2-1/claim", csrf="x", once="y"))[0] == 401


async def test_only_the_hash_of_a_link_and_of_a_cookie_is_stored(clinic) -> None:
    path = await clinic.link(clinic.journey.ben)
    ben = clinic.browser()
    await ben.post(path)
    cookie = next(iter(ben.session.cookie_jar)).value
    rows = await clinic.journey.rows("SELECT hash FROM board_pass")
    assert len(rows) == 2
    assert not any(path[-22:] in row["hash"] or cookie in row["hash"] for row in rows)


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(clinic) -> None:
    ben = clinic.browser()
    url = clinic.server.make_url(await clinic.link(clinic.journey.ben))
    async with ben.session.post(url, allow_redirects=False) as response:
        said = response.headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Strict" in said
    assert "Secure" not in said, "over http on this machine no cookie would come back"


async def test_ben_leaves_and_his_cookie_opens_nothing_any_more(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    [cookie] = list(ben.session.cookie_jar)
    fields = await ben.form("/board", "/board/leave")
    status, text = await ben.post("/board/leave", **fields)
    assert (status, "You have left the board" in text) == (200, True)
    ben.session.cookie_jar.update_cookies({"board": cookie.value}, clinic.server.make_url("/"))
    assert (await ben.get("/board"))[0] == 401


async def test_whoever_comes_in_and_looks_is_in_the_audit_trail(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    await ben.get("/board", **{"HX-Request": "true"})
    acts = await clinic.journey.rows(
        "SELECT action FROM action WHERE actor = :ben AND action LIKE 'board%' ORDER BY id",
        ben=clinic.journey.ben.id,
    )
    assert [row["action"] for row in acts] == ["board", "board_enter", "board_now"]


async def test_a_patient_who_types_board_gets_no_link(clinic) -> None:
    await clinic.journey.enrolled(clinic.journey.anna)
    await clinic.journey.writes(clinic.journey.anna, "/board")
    assert await clinic.journey.rows("SELECT hash FROM board_pass") == []


async def test_in_the_staff_chat_the_link_goes_to_bens_own_chat(clinic) -> None:
    journey = clinic.journey
    before = len(journey.screen(journey.ben))
    await journey.staff_writes(journey.ben, "/board")
    assert "comes to your private chat" in journey.staff_screen()[-1].text
    assert len(journey.screen(journey.ben)) == before + 1


async def test_pages_load_nothing_from_elsewhere_and_are_not_kept(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    response = await ben.answer("/board")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    text = await response.text()
    assert "http://" not in text
    assert "https://" not in text
    assert "<script>" not in text
    assert " style=" not in text


async def test_the_health_page_is_as_it_was(clinic) -> None:
    response = await clinic.browser().answer("/healthz")
    assert "Content-Security-Policy" not in response.headers


async def test_without_an_address_there_is_no_board(clinic) -> None:
    clinic.journey.app.settings.board_url = ""
    await clinic.journey.writes(clinic.journey.ben, "/board")
    assert "There is no board yet" in clinic.journey.last(clinic.journey.ben).text
    paths = {resource.canonical for resource in clinic.journey.app.web().router.resources()}
    assert not [path for path in paths if path.startswith("/board")]
