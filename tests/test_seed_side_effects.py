"""The clinic's own FAQ on side effects, sentence by sentence, each with what the bot makes of it.

Each quote stands word for word in the FAQ. The mild early form that a sentence speaks of is
expected; the same thing too late, too strong or of another kind gets a person.
"""

from dataclasses import dataclass, field
from importlib.resources import files

import pytest
from generated_cases import classifier, protocol

from flows.derived import History
from flows.verdict import ALERTING, Level, Verdict

FAQ = files("flows.protocols").joinpath("exosome_faq.txt").read_text(encoding="utf-8")
START = "Are there any side effects to Exosome therapy?"

PAIN = (
    "Pain or Discomfort: Mild pain or discomfort at the injection site is common and usually"
    " temporary."
)
REDNESS_SWELLING = (
    "Redness and Swelling: Mild redness, swelling, or bruising at the injection site, which"
    " typically resolves within a few days."
)
NEEDLE_MARKS = "Needle Marks: Small needle marks or punctures that heal quickly."
TEMPORARY_REDNESS = (
    "Temporary Redness: Slight redness or irritation, especially if combined with microneedling"
    " or laser treatments."
)
ITCHING = (
    "Mild Itching or Tingling: Temporary itching or tingling sensation at the application site."
)
SENSITIVITY = (
    "Sensitivity: Although rare, some individuals may experience allergic reactions to components"
    " of the exosome preparation, resulting in itching, redness, or swelling."
)
SEVERE_ALLERGY = (
    "Severe Allergic Reactions: In extremely rare cases, severe allergic reactions could occur,"
    " requiring immediate medical attention."
)
INFECTION = (
    "Infection at Injection Site: There is a small risk of infection at the injection site if"
    " proper aseptic techniques are not followed."
)
NODULES = (
    "Nodules: Formation of small lumps or bumps under the skin if the exosomes are not evenly"
    " distributed or injected correctly. These typically resolve on their own but may require"
    " additional treatment if persistent."
)
FLU = (
    "Flu-Like Symptoms: Some patients might experience mild, flu-like symptoms such as fatigue,"
    " low-grade fever, or muscle aches shortly after treatment. These symptoms usually resolve"
    " within a few days."
)
VARIABILITY = (
    "Variable Response: The effectiveness and side effects of exosome therapy can vary between"
    " individuals, depending on factors like age, overall health, and specific condition being"
    " treated."
)
QUALITY = (
    "Source and Quality of Exosomes: The safety and efficacy of exosome therapy can depend on the"
    " source of the exosomes and the methods used to isolate and prepare them. Ensure that"
    " treatments are obtained from reputable providers who follow strict quality control measures."
)
ASSESSMENT = (
    "Pre-Treatment Assessment: A thorough medical assessment should be conducted to identify any"
    " potential contraindications or risks associated with exosome therapy."
)
AFTERCARE = (
    "Post-Treatment Care: Follow the healthcare provider's post-treatment instructions to minimise"
    " side effects and support the healing process."
)
QUOTES = (
    PAIN, REDNESS_SWELLING, NEEDLE_MARKS, TEMPORARY_REDNESS, ITCHING, SENSITIVITY, SEVERE_ALLERGY,
    INFECTION, NODULES, FLU, VARIABILITY, QUALITY, ASSESSMENT, AFTERCARE,
)  # fmt: skip

AT_SITE = {"swelling_place": "treated_only", "swelling_sudden": False}
SMALL = {"lump_cm": 0.5, "lump_tender": False}
WARM = {"redness": 2, "warmth": True, "pain": 1}


@dataclass(frozen=True)
class Told:
    """What Anna tells `hours` after `treatment`, the level, and the sentence it goes back to."""

    quote: str
    hours: int
    answers: dict[str, object]
    level: str
    source: str = ""
    treatment: str = "inj_skin"
    profile: dict[str, object] = field(default_factory=lambda: {"area": "face"})

    def __str__(self) -> str:
        said = "-".join(f"{name}_{value}" for name, value in self.answers.items())
        return f"{self.quote.split(':')[0]}-{self.treatment}-{self.hours}-{said}"


MILD = [
    Told(PAIN, 24, {"pain": 1}, "expected", "SEED-1"),
    Told(PAIN, 24, {"pain": 1}, "expected", "SEED-1", "joint"),
    Told(REDNESS_SWELLING, 48, {"redness": 1}, "expected", "SEED-2"),
    Told(REDNESS_SWELLING, 48, {"swelling": 1, **AT_SITE}, "expected", "SEED-2"),
    Told(REDNESS_SWELLING, 168, {"bruise": 2}, "expected", "SEED-2"),
    Told(NEEDLE_MARKS, 24, {"needle_marks": 1}, "expected", "SEED-3"),
    Told(NEEDLE_MARKS, 20, {"discharge": "blood_spots"}, "expected", "SEED-3"),
    Told(TEMPORARY_REDNESS, 72, {"redness": 1}, "expected", "SEED-4", "mn_topical"),
    Told(TEMPORARY_REDNESS, 24, {"redness": 2}, "expected", "SEED-4", "laser_nonabl"),
    Told(ITCHING, 24, {"itch": 1}, "expected", "SEED-5", "mn_topical"),
    Told(ITCHING, 24, {"tingle": 1}, "expected", "SEED-5", "mn_topical"),
    Told(SENSITIVITY, 6, {"itch": 1}, "expected", "SEED-6"),
    Told(NODULES, 48, {"lump": "new", **SMALL}, "expected", "SEED-10"),
    Told(FLU, 48, {"fatigue": 1}, "expected", "SEED-9", "iv"),
    Told(FLU, 48, {"aches": 1}, "expected", "SEED-9", "iv"),
    Told(FLU, 48, {"temp_c": 37.7}, "expected", "SEED-9", "iv"),
    Told(FLU, 48, {"chills": 1}, "expected", "SEED-9"),
]
TOO_LATE = [
    Told(PAIN, 100, {"pain": 1}, "watch", "SEED-1"),
    Told(PAIN, 200, {"pain": 1}, "follow_up", "SEED-1"),
    Told(REDNESS_SWELLING, 100, {"redness": 1}, "watch", "SEED-2"),
    Told(REDNESS_SWELLING, 200, {"redness": 1}, "follow_up", "SEED-2"),
    Told(REDNESS_SWELLING, 200, {"swelling": 1, **AT_SITE}, "follow_up", "SEED-2"),
    Told(REDNESS_SWELLING, 340, {"bruise": 2}, "follow_up"),
    Told(NEEDLE_MARKS, 100, {"needle_marks": 1}, "watch", "SEED-3"),
    Told(NEEDLE_MARKS, 190, {"needle_marks": 1}, "follow_up", "SEED-3"),
    Told(NEEDLE_MARKS, 80, {"discharge": "blood_spots"}, "follow_up", "SEED-3"),
    Told(TEMPORARY_REDNESS, 360, {"redness": 1}, "follow_up", "SEED-4", "mn_topical"),
    Told(ITCHING, 190, {"tingle": 1}, "follow_up", "SEED-5", "mn_topical"),
    Told(ITCHING, 360, {"itch": 1}, "follow_up", "SEED-5", "mn_topical"),
    Told(NODULES, 168, {"lump": "same", **SMALL}, "watch", "SEED-10"),
    Told(NODULES, 400, {"lump": "same", **SMALL}, "follow_up", "SEED-10"),
    Told(NODULES, 700, {"lump": "smaller", **SMALL}, "follow_up", "SEED-10"),
    Told(FLU, 130, {"fatigue": 1}, "follow_up", "SEED-9", "iv"),
    Told(FLU, 100, {"temp_c": 37.7}, "watch", "SEED-9", "iv"),
    Told(FLU, 200, {"temp_c": 37.7}, "follow_up", "SEED-9", "iv"),
]
TOO_STRONG = [
    Told(PAIN, 60, {"pain": 2}, "follow_up", "SEED-1"),
    Told(PAIN, 24, {"pain": 3}, "urgent", "SEED-1"),
    Told(REDNESS_SWELLING, 24, {"redness": 3}, "follow_up", "SEED-2"),
    Told(REDNESS_SWELLING, 24, {"swelling": 3, **AT_SITE}, "follow_up", "SEED-2"),
    Told(REDNESS_SWELLING, 24, {"bruise": 1, "bruise_growing": True}, "follow_up"),
    Told(NEEDLE_MARKS, 24, {"needle_marks": 3}, "follow_up", "SEED-3"),
    Told(TEMPORARY_REDNESS, 60, {"redness": 3}, "follow_up", "SEED-4", "mn_topical"),
    Told(ITCHING, 6, {"tingle": 3}, "follow_up", "SEED-5", "mn_topical"),
    Told(SENSITIVITY, 6, {"itch": 3}, "follow_up", "SEED-6"),
    Told(SENSITIVITY, 30, {"hives": "elsewhere"}, "follow_up", "SEED-6"),
    Told(SENSITIVITY, 6, {"swelling": 2, **AT_SITE, "swelling_sudden": True}, "urgent", "SEED-6"),
    Told(SEVERE_ALLERGY, 1, {"red_flags": ["throat"]}, "emergency", "SEED-7"),
    Told(SEVERE_ALLERGY, 1, {"red_flags": ["breathing"]}, "emergency"),
    Told(SEVERE_ALLERGY, 6, {"hives": "spreading", "vomiting": 2}, "emergency", "SEED-7"),
    Told(SEVERE_ALLERGY, 6, {"swelling": 1, "swelling_place": "lips_other",
                             "swelling_sudden": True}, "emergency", "SEED-7"),
    Told(INFECTION, 96, {"discharge": "pus"}, "follow_up", "SEED-8"),
    Told(INFECTION, 72, WARM, "follow_up", "SEED-8"),
    Told(INFECTION, 72, {**WARM, "temp_c": 38.6}, "urgent", "SEED-8"),
    Told(NODULES, 100, {"lump": "bigger", "lump_tender": True}, "follow_up"),
    Told(FLU, 30, {"fatigue": 3}, "urgent", "SEED-9", "iv"),
    Told(FLU, 60, {"aches": 2}, "follow_up", "SEED-9", "iv"),
    Told(FLU, 30, {"temp_c": 38.2}, "watch", "SEED-9"),
    Told(FLU, 60, {"temp_c": 38.2}, "follow_up"),
    Told(FLU, 30, {"temp_c": 38.2}, "urgent", treatment="iv"),
]  # fmt: skip


def verdict_on(told: Told) -> Verdict:
    said = {"red_flags": [], **told.answers}
    history = History(profile=told.profile)
    return classifier().classify(told.treatment, told.hours, said, history)


@pytest.mark.parametrize("told", [*MILD, *TOO_LATE, *TOO_STRONG], ids=str)
def test_what_anna_tells_gets_its_level_and_cites_the_sentence(told) -> None:
    verdict = verdict_on(told)
    assert str(verdict.level) == told.level
    if told.source:
        cited = [f for f in verdict.because if told.source in f.source and f.level == verdict.level]
        assert cited
        assert protocol().sources[told.source].says == told.quote


def test_the_mild_forms_are_expected_and_the_others_reach_a_person() -> None:
    assert {verdict_on(told).level for told in MILD} == {Level.EXPECTED}
    for quote in (PAIN, REDNESS_SWELLING, NEEDLE_MARKS, TEMPORARY_REDNESS, ITCHING, NODULES, FLU):
        assert max(verdict_on(told).level for told in TOO_LATE if told.quote == quote) >= ALERTING


@pytest.mark.parametrize("quote", QUOTES, ids=lambda quote: quote.split(":")[0])
def test_a_quote_stands_word_for_word_in_the_side_effects_of_the_faq(quote) -> None:
    assert f"  • {quote}\n" in FAQ[FAQ.index(START) :]


def test_every_sentence_of_the_section_is_quoted_here() -> None:
    lines = FAQ[FAQ.index(START) :].splitlines()
    bullets = {line.removeprefix("  • ") for line in lines if line.startswith("  •")}
    assert bullets == set(QUOTES)


@pytest.mark.parametrize("fact", ["immune_low", "prior_anaphylaxis", "blood_thinners"])
def test_variable_response_health_known_beforehand_raises_the_same_answer(fact) -> None:
    same = {"temp_c": 38.1, "hives": "elsewhere", "bruise": 1, "bruise_growing": True}
    said = {"immune_low": "temp_c", "prior_anaphylaxis": "hives", "blood_thinners": "bruise"}
    answers = {k: v for k, v in same.items() if k.startswith(said[fact])}
    healthy = verdict_on(Told(VARIABILITY, 30, answers, ""))
    at_risk = verdict_on(Told(VARIABILITY, 30, answers, "", profile={"area": "face", fact: True}))
    assert at_risk.level is Level.URGENT
    assert at_risk.level > healthy.level


def test_pre_treatment_assessment_is_asked_as_facts_about_the_patient() -> None:
    facts = {fact.id for fact in protocol().patient_facts if fact.ask}
    assert {"pregnant", "component_allergy", "immune_low", "active_infection"} <= facts
