"""The protocol's page: a changed file is examined, and a doctor signs it."""

import asyncio
import re
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import FormData

from bot.board import examining
from bot.office import Office
from flows.protocol_file import bundled, bundled_text, parse_protocol
from storage import protocol_trials

VERSION = f'version = "{bundled().protocol.version}"'
FEVER = 'all = ["temp_c >= 39.0", "temp_c <= 40.0"]'
assert FEVER in bundled_text()
CHANGED = (
    bundled_text()
    .replace(VERSION, 'version = "9.0.0"')
    .replace(FEVER, 'all = ["temp_c >= 39.5", "temp_c <= 40.0"]')
)
"""Another version, in which a fever is urgent later: a dangerous change."""

RETITLED = bundled_text().replace('title = "', 'title = "Our ', 1)
RED = bundled().question_by_id["redness"].text["en"]
ENGLISH = (
    files("flows.protocols")
    .joinpath("exosome.toml")
    .read_text(encoding="utf-8")
    .replace(VERSION, 'version = "7.0.0"')
)
"""Another version, without its translations."""

BACK = '<a href="/board/protocol">Back to Protocol</a>'
HARMLESS = RETITLED.replace(VERSION, 'version = "8.0.0"')


async def uploads(browser, text: str | bytes) -> str:
    """Upload a file on the protocol's page, and return where what comes of it is shown."""
    fields = await browser.form("/board/protocol", "/board/protocol/try")
    form = FormData(fields)
    content = text.encode() if isinstance(text, str) else text
    form.add_field("file", content, filename="ours.toml", content_type="text/plain")
    url = browser.server.make_url("/board/protocol/try")
    async with browser.session.post(url, data=form) as response:
        assert response.status == 200, await response.text()
        return response.url.path


async def comes_out(browser, page: str) -> str:
    """Wait until a file has been examined; return what its page says."""
    for _ in range(600):
        _, text = await browser.get(page)
        if "It is being examined" not in text:
            return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
        await asyncio.sleep(0.2)  # another process works on it
    raise AssertionError("it is never examined")


async def test_everybody_reads_which_version_is_in_use(clinic) -> None:
    await clinic.journey.enrolled(clinic.journey.anna)
    eve = await clinic.enters(clinic.journey.eve)
    status, text = await eve.get("/board/protocol")
    assert status == 200
    assert bundled().name in text
    assert "A draft: no clinician has signed it." in text
    assert f"1 on {bundled().name}" in text
    assert "/board/protocol/try" not in text, "an auditor reads"


async def test_the_thresholds_are_those_of_the_page_in_docs(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    _, text = await ben.get("/board/protocol/thresholds")
    assert "<table>" in text
    assert "Erythema" in text
    picture = re.search(r'src="(/board/protocol/chart/[a-z0-9_]+\.svg)"', text)
    assert picture is not None
    answer = await ben.answer(picture[1])
    assert answer.content_type == "image/svg+xml"
    assert (await ben.get("/board/protocol/chart/nothing.svg"))[0] == 404
    assert (await ben.get("/board/protocol/chart/nothing"))[0] == 404


async def test_a_picture_of_the_thresholds_has_a_page_that_leads_back_to_it(clinic) -> None:
    name = next(iter(bundled().treatments))
    ben = await clinic.enters(clinic.journey.ben)
    status, text = await ben.get(f"/board/protocol/chart/{name}")
    assert status == 200
    assert f'<img src="/board/protocol/chart/{name}.svg"' in text
    assert f'<a href="/board/protocol/thresholds#picture-{name}">Back to the thresholds' in text


def test_every_link_of_the_thresholds_leads_somewhere_and_no_html_is_shown() -> None:
    drawn = examining.page(bundled_text())
    html = drawn["html"]
    places = set(re.findall(r' id="([^"]+)"', html))
    assert [one for one in re.findall(r'href="#([^"]+)"', html) if one not in places] == []
    for name in bundled().treatments:
        assert f"picture-{name}" in places
        picture = f"/board/protocol/chart/{name}"
        assert f'<a href="{picture}"><img src="{picture}.svg"' in html
        assert f"{name}.svg" in drawn["charts"]
    for shown in ("&lt;a id", "&lt;br", "&lt;!--"):
        assert shown not in html
    assert "<br>" in html


def test_a_protocols_own_words_stay_words_on_the_page_of_thresholds() -> None:
    named = bundled_text().replace('title = "', 'title = "<script>x</script> <img src=x> <br> ', 1)
    html = examining.page(named)["html"]
    assert "<script>" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.hazard("H17")
async def test_cleo_tries_a_file_and_signs_it_and_anna_keeps_hers(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    cleo = await clinic.enters(journey.cleo)
    page = await uploads(cleo, HARMLESS)
    said = await comes_out(cleo, page)
    assert "exosome-aftercare@8.0.0 is proved" in said
    assert "No alert appears, vanishes or moves." in said
    fields = await cleo.form(page, f"{page}/sign")
    status, text = await cleo.post(f"{page}/sign", **fields)
    assert (status, f'<a href="{page}">Back to the file</a>' in text) == (400, True), "not ticked"
    status, text = await cleo.post(f"{page}/sign", read="yes", **fields)
    assert status == 200
    assert "exosome-aftercare@8.0.0" in text
    assert "Signed by Cleo, doctor" in text
    assert f"1 on {bundled().name}, which they keep" in text
    other = await journey.enrolled(journey.omar)
    rows = await journey.rows("SELECT code, protocol FROM patient")
    assert {row["code"]: row["protocol"] for row in rows} == {
        code: bundled().name, other: "exosome-aftercare@8.0.0",
    }  # fmt: skip
    await journey.restart(seconds=5)
    assert journey.app.office.protocol.name == "exosome-aftercare@8.0.0", "a restart keeps it"
    assert not journey.app.office.protocol.protocol.draft
    acts = await journey.rows("SELECT actor, detail FROM action WHERE action = 'board_sign'")
    assert [row["actor"] for row in acts] == [journey.cleo.id]


async def test_staff_read_in_their_chat_who_signed_what_and_what_it_changes(clinic) -> None:
    journey = clinic.journey
    cleo = await clinic.enters(journey.cleo)
    page = await uploads(cleo, HARMLESS)
    await comes_out(cleo, page)
    await cleo.post(f"{page}/sign", read="yes", **await cleo.form(page, f"{page}/sign"))
    await journey.settle()
    said = journey.staff_screen()[-1].text
    assert f"Cleo has signed exosome-aftercare@8.0.0, in place of {bundled().name}" in said
    assert "whoever is in care keeps theirs" in said
    assert "What it changes (2, dangerous 0):" in said
    assert "Protocol version: «8.0.0»" in said


async def test_a_dangerous_change_is_said_and_replayed_over_the_clinics_own_fevers(clinic) -> None:
    journey = clinic.journey
    code = await journey.enrolled(journey.anna)
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, "39.2")
    cleo = await clinic.enters(journey.cleo)
    said = await comes_out(cleo, await uploads(cleo, CHANGED))
    assert "Dangerous" in said
    assert f"This alert would not have been raised {code}" in said
    assert "Not good enough" in said, "its worked cases do not hold any more"
    assert "could not be replayed" not in said
    assert "39.2" not in said, "nothing of what she answered is kept of it"
    [row] = await journey.rows("SELECT report FROM protocol_trial")
    assert b"vanishes" not in bytes(row["report"]), "it is sealed"


@pytest.mark.hazard("H42")
async def test_a_file_in_english_alone_is_signed_with_the_translations_in_use(clinic) -> None:
    journey = clinic.journey
    cleo = await clinic.enters(journey.cleo)
    page = await uploads(cleo, ENGLISH)
    said = await comes_out(cleo, page)
    assert "exosome-aftercare@7.0.0 is proved" in said
    assert "What the file lacks in ar, es, pt, ru, zh was taken from" in said
    status, text = await cleo.get(f"{page}/text")
    assert status == 200
    assert parse_protocol(text, "x").protocol.languages == bundled().protocol.languages
    fields = await cleo.form(page, f"{page}/sign")
    assert (await cleo.post(f"{page}/sign", read="yes", **fields))[0] == 200
    now = journey.app.office.protocol
    assert now.name == "exosome-aftercare@7.0.0"
    assert dict(now.patient_words()) == dict(bundled().patient_words())


@pytest.mark.hazard("H42")
async def test_a_question_that_was_reworded_in_english_alone_cannot_be_signed(clinic) -> None:
    journey = clinic.journey
    cleo = await clinic.enters(journey.cleo)
    page = await uploads(cleo, ENGLISH.replace(RED, "Is the treated skin red?", 1))
    said = await comes_out(cleo, page)
    assert "Not good enough" in said
    assert "translations › es › questions.redness: its text has changed" in said
    assert "no words in" not in said, "it is said once"
    _, text = await cleo.get(f"{page}/text")
    assert "# text = to be written: its text has changed" in text
    fields = await cleo.form("/board/protocol", "/board/protocol/try")
    assert (await cleo.post(f"{page}/sign", read="yes", **fields))[0] == 409
    assert journey.app.office.protocol.name == bundled().name
    assert (await cleo.get("/board/protocol/trial/AAAAAAAAAAAAAAAAAAAAAA/text"))[0] == 404


async def test_a_file_that_is_none_is_said_in_a_sentence(clinic) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    said = await comes_out(cleo, await uploads(cleo, "this is no protocol"))
    assert "Not good enough" in said
    assert "not valid TOML" in said
    fields = await cleo.form("/board/protocol", "/board/protocol/try")
    for content in (b"", b"\xff\xfe", b"x" * 600_000):
        form = FormData(fields)
        form.add_field("file", content, filename="x.toml")
        url = cleo.server.make_url("/board/protocol/try")
        async with cleo.session.post(url, data=form) as response:
            assert response.status == 400
            text = await response.text()
            assert "at most 500 kB" in text
            assert BACK in text


async def test_a_huge_file_is_refused_in_a_sentence(clinic) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    fields = await cleo.form("/board/protocol", "/board/protocol/try")
    form = FormData(fields)
    form.add_field("file", BytesIO(b"x" * (2 << 20)), filename="x.toml")
    url = cleo.server.make_url("/board/protocol/try")
    async with cleo.session.post(url, data=form) as response:
        assert response.status == 413
        text = await response.text()
        assert "500 kB at most" in text
        assert BACK in text
        assert '<nav aria-label="Board">' in text


async def test_ben_a_nurse_can_neither_try_nor_sign(clinic) -> None:
    ben = await clinic.enters(clinic.journey.ben)
    fields = await ben.form("/board", "/board/leave")
    assert (await ben.post("/board/protocol/try", **fields))[0] == 403
    path = "/board/protocol/trial/AAAAAAAAAAAAAAAAAAAAAA/sign"
    assert (await ben.post(path, read="yes", **fields))[0] == 403
    assert (await ben.get("/board/protocol/trial/AAAAAAAAAAAAAAAAAAAAAA"))[0] == 404


async def proved(clinic, text: str, name: str) -> str:
    """Put a file there that was examined and proved; return its page."""
    office, now = clinic.journey.app.office, clinic.journey.clock.now()
    report = {"name": name, "problems": [], "differences": [], "read": 0, "skipped": 0,
              "before": 0, "after": 0, "changes": []}  # fmt: skip
    trial = "A" * 22

    def keeping():
        yield from protocol_trials.begin(trial, text, office.protocol.name, 1, now)
        yield from protocol_trials.ended(trial, office.vault.clinic, report, now)

    await clinic.journey.app.database.run(keeping)
    return f"/board/protocol/trial/{trial}"


async def test_a_version_that_anna_is_on_is_never_changed(clinic) -> None:
    """The same name with other words: Cleo is told to raise the version."""
    journey = clinic.journey
    await journey.enrolled(journey.anna)
    cleo = await clinic.enters(journey.cleo)
    page = await proved(clinic, RETITLED, bundled().name)
    fields = await cleo.form(page, f"{page}/sign")
    status, text = await cleo.post(f"{page}/sign", read="yes", **fields)
    assert status == 409
    assert "Raise the version" in text
    assert journey.app.office.protocol.name == bundled().name


@pytest.mark.hazard("H17")
async def test_a_changed_file_under_the_name_in_use_is_not_signed_for_nothing(clinic) -> None:
    """Cleo has not raised the version. Nobody is enrolled yet, and the next would not be on it."""
    cleo = await clinic.enters(clinic.journey.cleo)
    page = await proved(clinic, RETITLED, bundled().name)
    fields = await cleo.form(page, f"{page}/sign")
    status, text = await cleo.post(f"{page}/sign", read="yes", **fields)
    assert (status, "Raise the version" in text) == (409, True)
    await clinic.journey.enrolled(clinic.journey.anna)
    [row] = await clinic.journey.rows("SELECT text FROM protocol")
    assert row["text"] == bundled_text()


async def test_a_file_of_which_another_was_signed_meanwhile_is_compared_anew(clinic) -> None:
    cleo = await clinic.enters(clinic.journey.cleo)
    page = await proved(clinic, HARMLESS, "exosome-aftercare@8.0.0")
    fields = await cleo.form(page, f"{page}/sign")
    assert (await cleo.post(f"{page}/sign", read="yes", **fields))[0] == 200
    status, text = await cleo.post(f"{page}/sign", read="yes", **fields)
    assert status == 409
    assert "It was compared with" in text


@pytest.mark.parametrize("file", [None, Path("ours.toml")])
async def test_another_file_in_the_settings_goes_before_what_was_signed(clinic, file) -> None:
    """Whoever sets PROTOCOL_FILE to another version means it; a newer Aftercheck does not."""
    cleo = await clinic.enters(clinic.journey.cleo)
    page = await proved(clinic, HARMLESS, "exosome-aftercare@8.0.0")
    fields = await cleo.form(page, f"{page}/sign")
    await cleo.post(f"{page}/sign", read="yes", **fields)
    office = clinic.journey.app.office
    assert office.protocol.name == "exosome-aftercare@8.0.0"
    later = parse_protocol(bundled_text().replace(VERSION, 'version = "8.5.0"'), "later")
    settings = office.settings.model_copy(update={"protocol_file": file})
    fresh = Office(settings, office.vault, later, "")
    await clinic.journey.app.database.run(fresh.current)
    assert fresh.protocol.name == f"exosome-aftercare@{'8.5.0' if file else '8.0.0'}"
