"""Compiled conditions say the same as the lines they come from, and guards skip nothing."""

import pytest
from generated_cases import answers, classifier, histories, hours, protocol, treatments
from hypothesis import HealthCheck, given, settings

from flows.compile import all_test, any_test, condition_test, guard, needs_its_fact
from flows.conditions import Test
from flows.rule_tables import Condition

FACTS = {"a": True, "b": True, "c": False}


def named(*names: str) -> list[Test]:
    return [lambda facts, name=name: facts[name] for name in names]


@pytest.mark.parametrize("count", range(6))
def test_all_needs_every_one(count) -> None:
    assert all_test(named(*"a" * count))(FACTS) is True
    for place in range(count):
        tests = named(*("c" if at == place else "a" for at in range(count)))
        assert all_test(tests)(FACTS) is False


def test_any_needs_one() -> None:
    assert any_test(named("c", "a"))(FACTS) is True
    assert any_test(named("c", "c"))(FACTS) is False
    assert any_test([])(FACTS) is False


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"warmth": True, "pain": 1, "itch": 0}, True),
        ({"warmth": True, "pain": 0, "itch": 1}, True),
        ({"warmth": True, "pain": 0, "itch": 0}, False),
        ({"warmth": False, "pain": 1, "itch": 1}, False),
        ({"pain": 1}, False),
    ],
)
def test_every_all_line_and_one_any_line_must_hold(facts, expected) -> None:
    condition = Condition(all=("warmth",), any=("pain is sore", "itch is a_little"))
    assert condition_test(protocol(), condition)(facts) is expected


@pytest.mark.parametrize(
    ("all_lines", "any_lines", "key"),
    [
        (["redness is_at_least light_pink"], [], "redness"),
        (["hours > 48", "redness is_at_least light_pink"], [], "redness"),
        (["hours > 48"], [], "hours"),
        (["hours >= 0"], [], None),
        (["hours <= 48"], [], None),
        (["redness is_at_most light_pink"], [], None),
        (["treatment includes iv"], [], None),
        (["not immune_low"], [], None),
        (["immune_low"], [], "immune_low"),
        (["swelling_sudden is no"], [], None),
        (["swelling_sudden is yes"], [], "swelling_sudden"),
        (["swelling_sudden"], [], "swelling_sudden"),
        (["hives is none"], [], "hives"),
        (["red_flags includes faint"], [], "red_flags"),
        (["previous hives is treated"], [], "previous hives"),
        ([], ["warmth"], "warmth"),
        ([], ["warmth", "pain is sore"], None),
        ([], [], None),
    ],
)
def test_a_guard_is_a_fact_without_which_nothing_holds(all_lines, any_lines, key) -> None:
    assert guard(protocol(), Condition(all=tuple(all_lines), any=tuple(any_lines))) == key


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(treatments, hours, answers(), histories())
def test_skipping_by_guards_finds_every_rule_that_holds(treatment, at, said, history) -> None:
    _, facts, _ = classifier().facts(treatment, at, said, history)
    fired = {f.rule for f in classifier().matching(facts)}
    holding = {
        rule.id
        for rule in protocol().rules
        if not rule.on_event and condition_test(protocol(), rule)(facts)
    }
    assert holding == fired
    for sign in protocol().signs:
        assert facts[sign.id] is condition_test(protocol(), sign)(facts)


def test_a_guard_is_never_a_fact_that_may_be_missing() -> None:
    """Each guarded rule is silent when its guard is 0, false, empty or not there."""
    for rule in (*protocol().rules, *protocol().signs):
        key = guard(protocol(), rule)
        if key is not None:
            lines = protocol().comparisons(rule.all or rule.any)
            assert any(line.key == key and needs_its_fact(line) for line in lines)
            falsy = [line.compiled() for line in lines if line.key == key and needs_its_fact(line)]
            assert not any(test({}) for test in falsy)
            assert not any(test({key: frozenset()}) for test in falsy if "red_flags" in key)
