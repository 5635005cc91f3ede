"""What changed between two versions of a protocol: every change told, the dangerous ones first."""

import copy

import pytest
from small_protocol import OLD, Tables, edited, item, line, only, set_to, told

from flows.diff import Rank, dangerous, differences
from flows.loose_ends import loose_ends
from flows.protocol_file import bundled


def test_the_small_protocol_is_a_whole_one() -> None:
    assert list(loose_ends(OLD)) == []


def test_equal_versions_have_no_difference() -> None:
    assert differences(OLD, OLD) == ()
    assert not dangerous(())


def test_a_rule_that_is_gone_comes_first_with_the_cases_it_caught() -> None:
    def change(tables: Tables) -> None:
        tables["rules"] = tuple(row for row in tables["rules"] if row["id"] != "INF-01")
        tables["texts"]["P0"]["en"] = "All is well."

    first, *rest = told(change)
    assert first.rank is Rank.LOST
    assert first.sentence.startswith(
        "Rule INF-01 (Pus from a treated site) is gone: follow up when Discharge: «Yellow or green "
        "pus»: "
    )
    assert "of the cases tried no longer alert" in first.sentence
    assert any("Discharge: Yellow or green pus" in words for words in first.examples)
    assert all(words.endswith(": was follow up, now expected") for words in first.examples)
    assert str(first).splitlines() == [f"{first.sentence}.", *(f"    {e}" for e in first.examples)]
    assert dangerous((first, *rest))


def test_a_threshold_moved_up_is_backed_by_a_case_just_below_it() -> None:
    difference = only(line("FEV-04", 0, "temp_c >= 38.2"))
    assert difference.rank is Rank.LOST
    assert difference.sentence.startswith(
        "Rule FEV-04 (38.0 C or more after 48 h): “Body temperature: 38.0 °C or more” became “Body "
        "temperature: 38.2 °C or more”: "
    )
    assert any("Body temperature: 38.1 °C" in words for words in difference.examples)


def test_a_threshold_moved_down_is_safer() -> None:
    difference = only(line("FEV-04", 0, "temp_c >= 37.9"))
    assert difference.rank is Rank.THRESHOLD
    assert not difference.dangerous
    assert difference.examples == ()


def test_an_alert_at_a_lower_level_is_told_with_both_levels() -> None:
    difference = only(lambda tables: item(tables, "rules", "INF-05").update(level="follow_up"))
    assert difference.rank is Rank.LOWER
    assert "alert lower" in difference.sentence
    assert all(words.endswith(": was urgent, now follow up") for words in difference.examples)


def test_a_watch_rule_that_fires_less_calls_nobody_less() -> None:
    difference = only(line("FEV-03", 2, "hours <= 40"))
    assert difference.rank is Rank.THRESHOLD


def test_an_alert_that_another_rule_keeps_is_still_marked_dangerous() -> None:
    def change(tables: Tables) -> None:
        item(tables, "rules", "RF-00")["any"] = ("red_flags includes dizzy",)

    assert {d.rank for d in told(change)} <= {Rank.LOST, Rank.LOWER, Rank.WEAKER}


def test_a_new_rule_is_told_in_words() -> None:
    def change(tables: Tables) -> None:
        row = copy.deepcopy(item(tables, "rules", "PAT-01"))
        row |= {"id": "NEW-01", "all": ("warmth",), "any": ("hours > 48", "pain is severe")}
        tables["rules"] = (*tables["rules"], row)

    difference = only(change)
    assert difference.rank is Rank.ADDED
    assert difference.sentence.endswith(
        "is new: follow up when Local warmth: yes and one of: more than 48 h (2 d) after the "
        "session / Pain or tenderness: «Stops most things, or hurts at rest»"
    )


def cell(tables: Tables) -> Tables:
    """Return the window of light pink skin after microneedling."""
    found: Tables = tables["windows"]["redness"]["classes"]["A"]["light_pink"]
    return found


def test_a_longer_window_loses_alerts_and_is_told_with_its_hours() -> None:
    difference = only(lambda tables: cell(tables).update(watch_until=400))
    assert difference.rank is Rank.LOST
    assert difference.sentence.startswith(
        "Window of Erythema, «Light pink», after Microneedling + topical exosomes: watch until "
        "400 h (16 d 16 h), was "
    )
    assert "Erythema: Light pink: was follow up, now watch" in difference.examples[0]


def test_a_window_without_an_end_is_longer_than_any() -> None:
    assert only(lambda tables: cell(tables).update(watch_until="always")).rank is Rank.LOST


@pytest.mark.parametrize(("field", "hours"), [("watch_until", 300), ("expected_until", 100)])
def test_a_shorter_window_is_told_and_not_dangerous(field: str, hours: int) -> None:
    difference = only(lambda tables: cell(tables).update({field: hours}))
    assert (difference.rank, difference.dangerous) == (Rank.WINDOW, False)


def test_a_sign_that_widens_takes_alerts_from_a_rule_that_needs_its_absence() -> None:
    def change(tables: Tables) -> None:
        row = item(tables, "signs", "gravity")
        row["all"] = tuple(text for text in row["all"] if text != "hives is none")

    found = told(change)
    lost = next(d for d in found if d.path == ("rules", "RF-03b"))
    sign = next(d for d in found if d.path == ("signs", "gravity", "all"))
    assert lost.rank is Rank.LOST
    assert "it did not change itself, but what it looks at did" in lost.sentence
    assert sign.rank is Rank.WEAKER
    assert sign.sentence.endswith(": no longer needs “Urticaria: «No»”")


def test_a_window_whose_treatment_moved_to_another_class_is_named() -> None:
    def change(tables: Tables) -> None:
        tables["treatments"]["iv"]["window_class"] = "B"

    found = told(change)
    assert any(
        d.rank is Rank.LOST and d.sentence.startswith("Window of Erythema") and d.examples
        for d in found
    )
    assert any(d.path == ("treatments", "iv", "window_class") for d in found)


def test_an_unclear_answer_that_stops_alerting_is_found() -> None:
    def change(tables: Tables) -> None:
        row = item(tables, "questions", "discharge")
        row["options"] = tuple(o for o in row["options"] if o["id"] != "pus")
        row["unclear"] = "watch"
        tables["rules"] = tuple(r for r in tables["rules"] if r["id"] != "INF-01")

    found = told(change)
    assert found[0].rank is Rank.LOST
    assert any("answer «Yellow or green pus» is gone" in d.sentence for d in found)


def test_a_treatment_that_is_gone_leaves_cases_that_cannot_be_sorted() -> None:
    def change(tables: Tables) -> None:
        del tables["treatments"]["mn_topical"]
        for name, group in tables["groups"].items():
            tables["groups"][name] = tuple(m for m in group if m != "mn_topical")

    found = told(change)
    assert found[0].sentence.startswith("Cannot be sorted: there is no treatment «mn_topical»")
    assert all(words.endswith("now unsortable") for words in found[0].examples)
    assert any(d.sentence.startswith("Treatment «Microneedling") for d in found)


def test_a_case_that_only_the_newer_version_knows_is_no_loss() -> None:
    whole = bundled()
    found = differences(OLD, whole.model_copy(update={"rules": OLD.rules, "windows": OLD.windows}))
    assert any(d.path == ("treatments", "joint") and not d.dangerous for d in found)


def test_a_question_asked_at_fewer_check_ins_names_them() -> None:
    def change(tables: Tables) -> None:
        item(tables, "questions", "hives")["asked"][0]["until"] = 48

    difference = only(change)
    assert difference.rank is Rank.WEAKER
    assert (
        "no longer asked at 72 h (3 d) after Microneedling + topical exosomes"
        in difference.sentence
    )
    assert difference.sentence.endswith(" more")


def test_a_question_asked_at_more_check_ins_is_safer() -> None:
    def change(tables: Tables) -> None:
        item(tables, "questions", "vein_cord")["asked"][0]["until"] = 400
        item(tables, "questions", "vein_cord")["asked"][0]["from"] = 0

    difference = only(change)
    assert (difference.rank, difference.dangerous) == (Rank.QUESTION, False)
    assert "now also asked at 3 h after IV infusion" in difference.sentence


def test_a_question_asked_under_other_conditions_is_marked() -> None:
    def change(tables: Tables) -> None:
        entry = next(e for e in item(tables, "questions", "pain")["asked"] if e["all"])
        entry["all"] = ("lump_present", "warmth")

    difference = only(change)
    assert difference.rank is Rank.WEAKER
    assert "asked at the same check-ins" in difference.sentence


def test_the_same_answer_of_another_type_is_a_change() -> None:
    def change(tables: Tables) -> None:
        row = item(tables, "rules", "PAT-01")
        first = {**row["fires"][0], "answers": {"wants_call": 1}}
        row["fires"] = (first, *row["fires"][1:])

    assert only(change).sentence.endswith("worked cases (fires): 1 gone, 1 new")


def test_another_order_is_a_change_since_the_first_rule_gives_the_text() -> None:
    def change(tables: Tables) -> None:
        tables["rules"] = tables["rules"][::-1]
        row = item(tables, "rules", "FEV-01")
        row["fires"] = row["fires"][::-1]
        row["all"] = row["all"][::-1]

    sentences = [d.sentence for d in told(change)]
    first, last = OLD.rules[0].id, OLD.rules[-1].id
    assert f"Rules: another order: «{last}» now stands before «{first}»" in sentences
    assert any(s.endswith("worked cases (fires): in another order") for s in sentences)
    assert any(s.endswith(": its lines stand in another order") for s in sentences)


def test_tables_in_another_order_are_a_change_of_the_file() -> None:
    turned = OLD.model_copy(update={"texts": dict(reversed(OLD.texts.items()))})
    (difference,) = differences(OLD, turned)
    assert "another order" in difference.sentence


def test_the_most_dangerous_come_first() -> None:
    def change(tables: Tables) -> None:
        set_to("protocol.author", "Ben")(tables)
        set_to("texts.P0.en", "Fine.")(tables)
        set_to("escalation.digest_at", "07:00")(tables)
        set_to("escalation.claim_expires_minutes", 90)(tables)
        cell(tables)["expected_until"] = 100
        line("FEV-04", 0, "temp_c >= 38.2")(tables)
        item(tables, "rules", "INF-05")["level"] = "follow_up"

    ranks = [difference.rank for difference in told(change)]
    assert ranks == sorted(ranks)
    assert ranks[:3] == [Rank.LOST, Rank.LOWER, Rank.WEAKER]


def test_an_unclear_answer_that_calls_nobody_any_more_is_backed_by_one() -> None:
    difference = only(lambda tables: item(tables, "questions", "hives").update(unclear="watch"))
    assert difference.rank is Rank.LOST
    assert "Urticaria: «unclear» (unclear): was follow up, now watch" in difference.examples[0]


def test_a_check_in_without_the_emergency_list_that_called_somebody_is_backed() -> None:
    first = edited(set_to("incomplete.level", "follow_up"))
    found = differences(first, first.model_copy(update={"incomplete": OLD.incomplete}))
    assert found[0].path == ("incomplete", "level")
    assert found[0].rank is Rank.LOST
    assert "no answers" in found[0].examples[0]


def test_a_severity_that_goes_takes_its_window_along() -> None:
    def change(tables: Tables) -> None:
        row = item(tables, "questions", "fatigue")
        row["options"] = tuple(o for o in row["options"] if o["id"] != "stops_most")
        for cells in tables["windows"]["fatigue"]["classes"].values():
            del cells["stops_most"]

    found = told(change)
    assert any(
        d.path == ("windows", "fatigue", "classes", "D", "stops_most")
        and "is gone: expected until 0 h, watched until 0 h, then urgent" in d.sentence
        for d in found
    )
    assert all(d.dangerous for d in found if "stops_most" in d.path)


def test_a_new_severity_comes_with_its_window() -> None:
    def change(tables: Tables) -> None:
        row = item(tables, "questions", "fatigue")
        worst = {**row["options"][-1], "id": "cannot_get_up"}
        row["options"] = (*row["options"], worst)
        for cells in tables["windows"]["fatigue"]["classes"].values():
            cells["cannot_get_up"] = cells["stops_most"]

    found = told(change)
    assert not dangerous(found)
    assert ("windows", "fatigue", "classes", "D", "cannot_get_up") in {d.path for d in found}


def test_a_new_sign_is_told_with_its_condition() -> None:
    def change(tables: Tables) -> None:
        row = {**tables["signs"][0], "id": "wet", "meaning": "Wet", "all": ("discharge is clear",)}
        tables["signs"] = (*tables["signs"], row)

    assert only(change).sentence == "Sign «Wet» is new: Discharge: «Clear fluid»"
