"""The rules on the page, grouped by what they are about, and the words they use."""

from collections.abc import Iterator

from flows.conditions import Comparison
from flows.derived import DERIVED
from flows.page.markdown import Section, anchor, link, safe, sources, table
from flows.protocol import Protocol
from flows.rule_tables import Condition, Rule
from flows.verdict import LEVEL_WORDS
from flows.words import level_words, treatment_words, words


def rules_section(protocol: Protocol) -> Section:
    """Return every rule in plain words, the most urgent of each group first."""
    groups: dict[str, list[Rule]] = {}
    for rule in protocol.rules:
        groups.setdefault(rule.about, []).append(rule)
    lines = [
        "Rules about: " + ", ".join(link(plain(about), f"rules-{about}") for about in groups),
        "",
    ]
    for about, rules in groups.items():
        rules.sort(key=lambda rule: LEVEL_WORDS[rule.level], reverse=True)
        lines += [f"### {anchor(f'rules-{about}')}Rules: {safe(plain(about))}"]
        lines += table(
            ["Rule", "Level", "Fires when", "Staff read", "Patient text", "Sources"],
            (one_rule(protocol, rule) for rule in rules),
        )
    return Section("rules", "Rules, by subject", lines)


def plain(about: str) -> str:
    """Return a word of the protocol file as one reads it."""
    return about.replace("_", " ")


def one_rule(protocol: Protocol, rule: Rule) -> list[str]:
    """Return one line of a rules table."""
    text = rule.text or protocol.levels[rule.level].text
    route = "; goes on the call list" if rule.route == "call_list" else ""
    return [
        f"{anchor(f'r-{rule.id}')}{rule.id}",
        level_words(LEVEL_WORDS[rule.level]),
        condition_cell(protocol, rule),
        f"{safe(rule.reason)}{route}",
        link(text, f"text-{text}"),
        sources(protocol, rule.sources),
    ]


def condition_cell(protocol: Protocol, condition: Condition) -> str:
    """Return a condition for a table cell: what must all hold, and what one of must."""
    every = [line(protocol, c) for c in protocol.comparisons(condition.all)]
    some = [line(protocol, c) for c in protocol.comparisons(condition.any)]
    parts = ["<br>and ".join(every)] if every else []
    if some:
        parts.append(f"{'and one of' if every else 'one of'}:<br>• " + "<br>• ".join(some))
    return "<br>".join(parts)


def line(protocol: Protocol, comparison: Comparison) -> str:
    """Return one comparison, linked to the page's own explanation of its word."""
    text = words(protocol, comparison)
    name = comparison.subject.name
    if name in DERIVED:
        return link(text, f"quantity-{name}")
    if name == "treatment" and comparison.values[0] in protocol.groups:
        return link(text, f"group-{comparison.values[0]}")
    if any(sign.id == name for sign in protocol.signs):
        return link(text, f"sign-{name}")
    return safe(text)


def words_section(protocol: Protocol) -> Section:
    """Return what the rules' words mean: signs, quantities, groups, facts about the patient."""
    lines = [*signs(protocol), *quantities(), *groups(protocol), *facts(protocol)]
    return Section("words", "Words the rules use", lines)


def signs(protocol: Protocol) -> Iterator[str]:
    """Yield the named conditions."""
    yield "### Signs"
    yield ""
    yield "Conditions with a name. A sign is not there while an answer it needs is missing."
    yield from table(
        ["Sign", "Is there when", "Sources"],
        (
            [
                f"{anchor(f'sign-{sign.id}')}{safe(sign.meaning)}",
                condition_cell(protocol, sign),
                sources(protocol, sign.sources),
            ]
            for sign in protocol.signs
        ),
    )


def quantities() -> Iterator[str]:
    """Yield what is counted over several answers or check-ins."""
    yield "### Counted from several answers or check-ins"
    yield from table(
        ["Quantity", "Meaning"],
        (
            [f"{anchor(f'quantity-{name}')}{plain(name)}", safe(" ".join((doc or "").split()))]
            for name, doc in ((name, how.__doc__) for name, (_, how) in DERIVED.items())
        ),
    )


def groups(protocol: Protocol) -> Iterator[str]:
    """Yield the groups of treatments."""
    yield "### Groups of treatments"
    yield from table(
        ["Group", "Treatments"],
        (
            [
                f"{anchor(f'group-{name}')}{plain(name)}",
                safe("; ".join(treatment_words(protocol, member) for member in members)),
            ]
            for name, members in protocol.groups.items()
        ),
    )


def facts(protocol: Protocol) -> Iterator[str]:
    """Yield what is known of the patient since enrolment."""
    yield "### Known about the patient"
    yield from table(
        ["Fact", "Asked at enrolment", "Sources"],
        (
            [
                safe(fact.meaning),
                safe(fact.ask.get("en", "")) if fact.ask else "not asked; staff enter it",
                sources(protocol, fact.sources),
            ]
            for fact in protocol.patient_facts
        ),
    )
