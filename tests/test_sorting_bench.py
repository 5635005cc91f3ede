"""The rules written for two other engines, to be timed beside ours, say what ours say."""

import rule_engine
from generated_cases import classifier, protocol
from json_logic import jsonLogic

from bench.sorting import FORTY, Translation, as_text, flat, only, translatable
from flows.classify import Classifier
from flows.derived import History
from flows.proof.random_cases import RandomCases
from flows.rule_tables import Condition

CASES = 20


def test_all_three_engines_name_the_same_rules() -> None:
    rules = translatable(protocol())
    assert len({rule.id for rule in rules}) == FORTY
    ours = Classifier(only(protocol(), rules))
    translation = Translation(protocol())
    trees = {rule.id: translation.logic(rule) for rule in rules}
    texts = {name: rule_engine.Rule(as_text(tree)) for name, tree in trees.items()}
    source = RandomCases(classifier(), seed=5)
    fired_at_all = set()
    for case, _ in (source.case() for _ in range(CASES)):
        because = ours.classify(case.treatment, case.hours, case.answers, History()).because
        fired = {result.rule for result in because} & trees.keys()
        found = classifier().facts(case.treatment, case.hours, case.answers, History())[1]
        facts = flat(protocol(), found)
        assert {name for name, rule in texts.items() if rule.matches(facts)} == fired
        assert {name for name, tree in trees.items() if jsonLogic(tree, facts)} == fired
        fired_at_all |= fired
    assert len(fired_at_all) > 5


def test_a_condition_is_written_out_with_its_signs() -> None:
    translation = Translation(protocol())
    tree = translation.logic(Condition(all=("immune_low", "not many_points"), any=("warmth",)))
    assert as_text(tree) == (
        '((immune_low == true) and not (((field in ["multi"]))) and ((warmth == true)))'
    )
