"""A doctor's signature under a protocol file."""

from datetime import date

import pytest

from flows.protocol_file import bundled_text, parse_protocol
from flows.signing import UnsignableError, signed

DAY = date(2026, 11, 26)


def test_cleo_signs_and_the_file_is_no_draft_any_more() -> None:
    text = signed(bundled_text(), "Cleo, doctor", DAY)
    before, after = parse_protocol(bundled_text(), "a"), parse_protocol(text, "b")
    about = after.protocol
    assert (about.signed_by, about.signed_on, about.draft) == ("Cleo, doctor", DAY, False)
    assert after.rules == before.rules
    assert after.name == before.name


def test_a_second_signature_takes_the_place_of_the_first() -> None:
    text = signed(signed(bundled_text(), "Cleo, doctor", DAY), "Dan, doctor", DAY)
    assert parse_protocol(text, "b").protocol.signed_by == "Dan, doctor"


@pytest.mark.parametrize("name", ['Cl"eo', "Cl\\eo", "Cleo\n[rules]", "Клео", ""])
def test_a_name_is_no_more_than_a_name(name) -> None:
    text = signed(bundled_text(), f"{name}, doctor", DAY)
    found = parse_protocol(text, "b").protocol.signed_by
    assert found == f"{name.replace(chr(10), ' ')}, doctor"


@pytest.mark.parametrize(
    "text", ["", "id = 1", '[protocol]\ndraft = """\nx\n"""\n', "protocol = 1"]
)
def test_a_head_that_cannot_be_signed_is_said(text) -> None:
    with pytest.raises(UnsignableError, match="in lines of their own"):
        signed(text, "Cleo", DAY)


def test_a_file_without_a_last_newline_is_signed_too() -> None:
    text = signed('[protocol]\nid = "a"\ndraft = true', "Cleo", DAY)
    assert text.endswith("draft = false\n\n")
