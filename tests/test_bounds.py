"""What Ben must never find in a file: a route too weak, a wait too long, a hole in week one."""

import pytest
from edited_file import Edit, edited

from flows.classify import compiled
from flows.proof.bounds import bounds
from flows.protocol_file import bundled
from flows.verify import check

BREAKS = [
    (Edit("[levels.urgent]", 'staff = "at_once"', 'staff = "log"'), "staff = «log» is too little"),
    (
        Edit("[levels.emergency]", 'staff = "everyone_at_once"', 'staff = "digest"'),
        "levels › emergency: staff = «digest» is too little; use everyone_at_once",
    ),
    (
        Edit("[escalation]", "emergency_repeat_minutes = 5", "emergency_repeat_minutes = 5000"),
        "escalation › emergency_repeat_minutes: 5000 is too long; 15 is the most",
    ),
    (
        Edit("[escalation]", "claim_expires_minutes = 30", "claim_expires_minutes = 100000"),
        "claim_expires_minutes: 100000 is too long",
    ),
    (
        Edit("[escalation]", "[5, 15, 30]", "[5, 15, 300]"),
        "urgent alerts reach everyone within 60 minutes",
    ),
    (
        Edit("[silence]", "unanswered_after_hours = 24", "unanswered_after_hours = 2400"),
        "silence › unanswered_after_hours: 2400 is too long",
    ),
    (Edit("[quiet_hours]", 'start = "21:00"', 'start = "09:00"'), "more than 12 hours"),
    (
        Edit("[texts.FOOT]", "Call {emergency_number} right away", "Have a nice day"),
        "texts.FOOT: does not name {emergency_number}",
    ),
    (
        Edit("[treatments.mn_topical]", "[6, 24, 72, 120, 168, 672,", "[6, 672,"),
        "treatments › mn_topical: nothing between 6 h and 168 h of week one",
    ),
    (
        Edit("[treatments.mn_rf]", "schedule = [6, 24, 48,", "schedule = [48,"),
        "treatments › mn_rf: the first check-in is due within 24 h",
    ),
    (
        Edit('id = "red_flags"', "asked = [{ from = 0 },", "asked = [{ from = 24 },"),
        "questions «red_flags»: not asked 6 h after",
    ),
]


@pytest.mark.parametrize(("edit", "words"), BREAKS, ids=[words for _, words in BREAKS])
def test_what_lies_beyond_all_reason_is_refused(edit, words) -> None:
    assert words in "\n".join(bounds(edited(edit)))


def test_a_treatment_without_a_first_week_is_refused() -> None:
    late = edited(Edit("[treatments.joint]", "[6, 24, 48, 72, 96, 168, 336, 672]", "[672]"))
    assert "joint: the first check-in is due within 24 h" in "\n".join(bounds(late))


def test_what_is_fine_has_to_name_a_telephone_too() -> None:
    silent = edited(Edit("[texts.P0]", "call {clinic_phone} or {urgent_line}", "write to us"))
    said = [p.sentence for p in check(silent, "complete in words")]
    assert any("text «P0» (en) does not name {clinic_phone}" in sentence for sentence in said)


def test_the_bundled_file_lies_inside() -> None:
    assert not list(bounds(bundled()))
    assert compiled(bundled()).protocol is bundled()
