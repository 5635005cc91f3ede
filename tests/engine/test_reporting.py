"""Anna says something unasked: /report, words, photos, a voice message, a changed message."""

from datetime import timedelta

import pytest
from desk_of_a_clinic import of_kind, yes_stop
from outer_program import annas_phone
from stories import FIRST, SYMPTOMS, asked, berlin, feverish, finished, open_levels, wonders

from flows.engine.events import Lane, Noted
from flows.engine.inputs import PhotoRefused, Pressed, SentOther, SentPhoto
from flows.verdict import Level


def photo(caption: str = "", number: int = 900, album: str = "") -> SentPhoto:
    return SentPhoto("file", "unique", number, album, caption)


def test_a_report_works_outside_the_schedule_and_at_night():
    program = annas_phone().until(berlin(24, 23))
    program.command("report")
    assert "You want to tell us something." in program.last
    assert program.check_in("report/1").state == "sent"


def test_a_second_report_takes_the_place_of_one_not_begun():
    program = annas_phone()
    program.command("report")
    program.command("report")
    assert program.states()["report/1"] == "unanswered"
    assert program.check_in("report/1").reason == "report/2 took its place"


def test_a_report_that_was_begun_stays_open_beside_a_second():
    program = annas_phone()
    program.command("report")
    program.press(SYMPTOMS)
    program.command("report")
    assert program.states()["report/1"] == "sent"


def test_words_with_nothing_open_become_a_report():
    program = annas_phone()
    program.write("hello, a question")
    assert program.check_in("report/1").conversation.words == ("hello, a question",)
    assert program.staff_texts() == ["A7K2 wrote:\n“hello, a question”"]


def test_words_within_an_hour_belong_to_the_check_in_that_was_finished():
    program = asked()
    program.press("All good")
    program.write("thank you")
    assert program.check_in(FIRST).conversation.words == ("thank you",)
    program.wait(hours=1, minutes=1)
    program.write("hello again")
    assert "report/1" in program.record.check_ins


def test_words_after_a_cancelled_check_in_begin_a_report():
    program = asked()
    program.record = program.record.with_patient(current="1/check_in/24")
    program.write("hello")
    assert "report/1" in program.record.check_ins


def test_alarming_words_are_marked_for_staff():
    program = asked()
    program.write("I can't breathe")
    assert "may hold a warning sign" in program.staff_texts()[0]
    assert program.to_staff[0][1].lane == 0


def test_words_ring_while_a_person_is_needed():
    program = finished(feverish())
    program.write("hello?")
    assert program.to_staff[-1][1].lane == 0
    assert program.to_staff[-1][1].under == "alert:A7K2-1"


def test_a_photo_is_kept_and_shown_under_the_card():
    program = finished(feverish())
    events = program.do(photo())
    [noted] = of_kind(events, Noted)
    assert (noted.kind, noted.file_id, noted.unique_id) == ("photo", "file", "unique")
    assert program.to_staff[-1][1].photo == "file"
    assert program.to_staff[-1][1].message.text == "A7K2: photo, day 0"
    assert "Thank you for the photo." in program.last


NO_PICTURE = "it is no JPEG or PNG picture"


def test_a_photo_that_is_not_kept_is_told_to_staff_at_any_hour_and_to_anna_by_day():
    program = asked()
    program.do(PhotoRefused("unique", NO_PICTURE))
    assert program.last.startswith("We could not keep your photo.")
    program.until(berlin(24, 23))
    count = len(program.chat)
    for name in ("another", "a third"):
        program.do(PhotoRefused(name, NO_PICTURE, berlin(24, 20)))
    assert len(program.chat) == count
    assert program.staff_texts()[-1].startswith("A photo of A7K2 was not kept: it is no JPEG")
    program.until(berlin(25, 7, 59))
    assert len(program.chat) == count
    program.until(berlin(25, 8, 1))
    asked_for = [text for text in program.texts(berlin(25, 7)) if "could not keep" in text]
    assert len(asked_for) == 1, "once for both"


def test_who_sends_a_photo_at_night_reads_at_once_that_it_is_not_kept():
    program = asked().until(berlin(24, 23))
    program.do(photo())
    program.wait(minutes=1)
    program.do(PhotoRefused("unique", NO_PICTURE, berlin(24, 23)))
    assert program.last.startswith("We could not keep your photo. Please send it once more")
    assert ("news", "photo:A7K2") not in program.due


def test_who_has_stopped_meanwhile_is_asked_for_no_photo():
    program = asked().until(berlin(24, 23))
    program.do(PhotoRefused("unique", NO_PICTURE))
    program.command("stop")
    program.press("Yes, stop")
    program.until(berlin(25, 9))
    assert not any("could not keep" in text for text in program.texts(berlin(24, 22)))


def test_an_album_is_thanked_for_once():
    program = finished(feverish())
    program.do(photo(album="one"))
    count = len(program.chat)
    program.do(photo(number=901, album="one"))
    assert len(program.chat) == count


def test_a_photo_is_something_new_in_an_alert_that_waits():
    program = wonders()
    version = program.alert.version
    program.do(photo())
    assert len(program.record.alerts) == 1
    assert "PHOTO" in [one.rule for one in program.alert.because]
    assert program.alert.version > version


def test_a_photo_that_nobody_asked_for_is_looked_at_in_the_digest():
    program = annas_phone()
    program.do(photo())
    assert program.alert.level is Level.WATCH
    assert program.states()["report/1"] == "complete"
    assert program.record.patient.current == ""


def test_a_caption_is_heard_like_words():
    program = asked()
    program.do(photo("I can't breathe"))
    program.wait(minutes=6)
    assert Level.URGENT in open_levels(program)
    assert any("“I can't breathe”" in text for text in program.staff_texts())


def test_a_voice_message_is_never_just_dropped():
    program = annas_phone()
    events = program.do(SentOther("voice", 900))
    assert "we can only read text and photos" in program.last
    assert of_kind(events, Noted)[0].text == "voice"
    assert program.alert.level is Level.WATCH
    program.do(SentOther("voice", 901))
    assert len(program.record.alerts) == 1


def test_words_that_come_with_a_video_are_heard_like_all_others():
    program = annas_phone()
    program.do(SentOther("video", 900, "I can't breathe"))
    program.wait(minutes=6)
    assert Level.URGENT in open_levels(program)
    assert any("a video with the words “I can't breathe”" in text for text in program.staff_texts())


@pytest.mark.parametrize("sent", [photo(), SentOther("voice", 900)])
def test_what_comes_after_a_contact_is_looked_at_in_the_digest(sent):
    program = finished(feverish())
    program.staff("contacted")
    program.do(sent)
    assert open_levels(program) == [Level.WATCH]
    assert program.to_staff[-1][1].under == "alert:A7K2-1", "under the card that staff know"
    program.do(sent)
    assert open_levels(program) == [Level.WATCH]


def test_a_photo_after_a_stop_still_reaches_staff():
    program = asked()
    program.do(Pressed(yes_stop(program.now), 1))
    program.do(photo("look"))
    assert "file" in [say.photo for _, say in program.to_staff]


def test_a_changed_answer_that_is_worse_counts():
    program = feverish(degrees="37.2")
    number = program.typed
    program.write("39.2", edits=number)
    assert open_levels(program) == [Level.URGENT]
    assert "A7K2 changed an answer to:\n“39.2”" in program.staff_texts()


def test_a_changed_answer_that_is_better_is_only_shown():
    program = feverish()
    program.write("36.6", edits=program.typed)
    assert program.alert.level is Level.URGENT
    assert program.check_in(FIRST).answers["temp_c"] == 39.2
    said = program.to_staff[-1][1]
    assert said.message.text == "A7K2 changed an answer to:\n“36.6”"
    assert said.lane is Lane.ALERT, "it rings, as all words under an alert that waits"


def test_behind_an_open_case_a_changed_answer_still_counts():
    program = feverish(degrees="37.2")
    number = program.typed
    finished(program)
    program.press("Add something")
    program.write("I can't breathe")
    program.wait(minutes=6)
    program.staff("contacted")
    program.write("39.2", edits=number)
    assert open_levels(program) == [Level.URGENT]


def test_a_changed_answer_that_is_now_alarming_brings_up_the_list():
    program = feverish(degrees="37.2")
    program.write("I can't breathe", edits=program.typed)
    assert "Is this happening to you now?" in program.last
    program.wait(minutes=6)
    assert Level.URGENT in open_levels(program)


def test_changed_words_are_kept_and_shown():
    program = wonders()
    events = program.write("is this really normal?", edits=program.typed)
    assert of_kind(events, Noted)[0].text == "is this really normal?"
    assert "A7K2 changed a message to:" in program.staff_texts()[-1]


def test_changed_words_that_are_now_alarming_bring_up_the_list():
    program = wonders()
    program.write("my throat is swelling", edits=program.typed)
    program.wait(minutes=6)
    assert Level.URGENT in open_levels(program)


def test_changed_alarming_words_with_nothing_open_begin_a_report():
    program = annas_phone()
    program.write("my throat is swelling", edits=5)
    assert "report/1" in program.record.check_ins


def test_the_day_of_a_photo_counts_from_the_last_session():
    program = annas_phone().well_until(berlin(27, 12))
    program.do(photo())
    assert "photo, day 3" in program.staff_texts()[-1]
    assert program.now - berlin(27, 12) < timedelta(hours=1)
