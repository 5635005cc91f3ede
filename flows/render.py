"""docs/thresholds.md: the protocol as a page that a nurse reads at the desk.

Every level on it is found by sorting, so the page says what the bot does.
"""

from collections.abc import Iterator

from flows.bands import Row, answer_rows, merged, verdicts
from flows.page.checkins import checkins_section, course_section, questions_section
from flows.page.markdown import Section, anchor, course, link, safe, sources, table
from flows.page.reference import falls_section, sources_section, texts_section
from flows.page.rules import rules_section, words_section
from flows.page.treatments import treatments_section
from flows.protocol import Protocol
from flows.tables import Language
from flows.verdict import LEVEL_WORDS, Level
from flows.words import ROUTES, english, level_words


def thresholds_page(protocol: Protocol) -> str:
    """Return the whole page as Markdown, ending in a newline.

    Links lead to places in the page; pictures are `charts/<treatment>.svg` beside it
    (`flows.chart.charts`).
    """
    parts = (
        reading_section(protocol),
        emergency_section(protocol),
        levels_section(protocol),
        treatments_section(protocol),
        rules_section(protocol),
        words_section(protocol),
        checkins_section(protocol),
        questions_section(protocol),
        course_section(protocol),
        texts_section(protocol),
        falls_section(protocol),
        sources_section(protocol),
    )
    lines = [*head(protocol), "## Contents", ""]
    lines += [f"{place}. {link(part.title, part.name)}" for place, part in enumerate(parts, 1)]
    for part in parts:
        lines += ["", f"## {anchor(part.name)}{part.title}", "", *part.lines]
    return "\n".join(tidy(lines)) + "\n"


def tidy(lines: list[str]) -> Iterator[str]:
    """Yield the lines with no two empty ones together and none at the end."""
    last = ""
    for line in "\n".join(lines).rstrip().split("\n"):
        if line or last:
            yield line
        last = line


def head(protocol: Protocol) -> Iterator[str]:
    """Yield the title, the version, and whether a clinician has signed it."""
    about = protocol.protocol
    yield f"# Thresholds: {safe(about.title)}"
    yield ""
    yield "<!-- Written by `aftercheck protocol render`: change the protocol file instead. -->"
    yield ""
    if about.draft:
        yield "> **Draft. No clinician has signed this version; it is not for use with patients.**"
        yield ">"
    else:
        yield f"> Signed by {safe(about.signed_by)} on {about.signed_on}."
        yield ">"
    yield f"> Version `{protocol.name}` of {about.date}. Written by: {safe(about.author)}."
    yield f"> Reviewed: {safe(about.reviewer) or 'by nobody yet'}."
    if protocol.translations:
        yield ">"
        yield f"> Languages: {', '.join(language_line(protocol, one) for one in about.languages)}."
    yield ""


def language_line(protocol: Protocol, language: Language) -> str:
    """Return a language with who has reviewed its words; the file's own has its reviewer above."""
    about = protocol.translations.get(language)
    if about is None:
        return f"`{language}`"
    if about.reviewed_by:
        return f"`{language}` (reviewed by {safe(about.reviewed_by)} on {about.reviewed_on})"
    return f"`{language}` (a machine's, not yet reviewed by a native speaker)"


def reading_section(protocol: Protocol) -> Section:
    """Return how to read the page."""
    case, incomplete = protocol.case, protocol.incomplete
    order = " < ".join(level_words(level) for level in Level)
    lowest = level_words(LEVEL_WORDS[incomplete.level])
    kept = f"{safe(case.reason)}: an open case keeps its highest level until a person closes it"
    points = (
        f"Find the {link('treatment', 'treatments')}, then the symptom, then the hour or day.",
        "Hours count from the end of the session. `80 h (3 d 8 h)` is one time said twice.",
        "*Up to 80 h* includes 80 h; *before 144 h* does not include 144 h.",
        f"The level of a check-in is the highest of everything that fires: {order}.",
        "A question without an answer is never taken as a sign that all is well.",
        "An answer that cannot be read raises the level by itself.",
        f"{kept} ({sources(protocol, case.sources)}).",
        f"{safe(incomplete.reason)}: {lowest} ({sources(protocol, incomplete.sources)}).",
    )
    return Section("reading", "How to read this page", [f"- {point}" for point in points])


def emergency_section(protocol: Protocol) -> Section:
    """Return the emergency list: each item, its level when ticked alone, and what to say."""
    question = protocol.question_by_id[protocol.incomplete.question]
    first = next(iter(protocol.treatments))
    emergency = protocol.levels["emergency"].text
    lines = [
        f"**Emergency: {safe(protocol.levels['emergency'].meaning)}**",
        "",
        f"> {safe(english(protocol.texts[emergency]))}",
        "",
        "The first question of every check-in. One item ticked, and nothing else said:",
    ]
    lines += table(
        ["Ticked", "Alone it is", "The patient is told", "Rules that look at it"],
        (emergency_row(protocol, row) for row in answer_rows(protocol, first, question)),
    )
    return Section("emergency", "The emergency list", lines)


def emergency_row(protocol: Protocol, row: Row) -> list[str]:
    """Return one item of the emergency list, alone, after every treatment."""
    courses: dict[str, list[str]] = {}
    texts: dict[str, None] = {}
    rules: dict[str, None] = {}
    for name, treatment in protocol.treatments.items():
        found = verdicts(protocol, name, row)
        bands = merged(protocol, [tuple(verdict.level for verdict in found)])
        courses.setdefault(course(bands), []).append(treatment.label)
        texts |= dict.fromkeys(verdict.text for verdict in found)
        rules |= dict.fromkeys(fired.rule for verdict in found for fired in verdict.because)
    alone = [
        words if len(courses) == 1 else f"{words} ({safe(', '.join(labels))})"
        for words, labels in courses.items()
    ]
    return [
        safe(row.label),
        "<br>".join(alone),
        " ".join(link(text, f"text-{text}") for text in texts),
        " ".join(link(rule, f"r-{rule}") for rule in rules),
    ]


def levels_section(protocol: Protocol) -> Section:
    """Return what each level means, who is told, and when they are told again."""
    lines = list(
        table(
            ["Level", "Means", "Staff", "The patient is told"],
            (
                [
                    level_words(LEVEL_WORDS[name]),
                    safe(route.meaning),
                    ROUTES[route.staff],
                    link(route.text, f"text-{route.text}"),
                ]
                for name, route in protocol.levels.items()
            ),
        )
    )
    return Section(
        "levels", "Levels, and who is told", [*lines, *again(protocol), *silence(protocol)]
    )


def again(protocol: Protocol) -> Iterator[str]:
    """Yield when staff are told again until somebody takes an alert."""
    times = protocol.escalation
    repeats = ", ".join(map(str, times.urgent_repeat_minutes))
    yield f"Until somebody takes an alert ({sources(protocol, times.sources)}):"
    yield ""
    yield (
        f"- urgent: told again {repeats} minutes after the first notice, then everyone every "
        f"{times.everyone_repeat_minutes} minutes"
    )
    yield f"- emergency: everyone on call, every {times.emergency_repeat_minutes} minutes"
    yield (
        f"- follow up: every {times.follow_up_repeat_minutes} minutes within clinic hours, at the "
        f"latest {times.follow_up_latest_minutes_before_closing} minutes before closing"
    )
    yield (
        f"- taken but not contacted: open again after {times.claim_expires_minutes} minutes; "
        f"daily digest at {times.digest_at}"
    )
    yield ""


def silence(protocol: Protocol) -> Iterator[str]:
    """Yield what happens when a patient does not answer."""
    times, quiet = protocol.silence, protocol.quiet_hours
    yield f"When a patient does not answer ({sources(protocol, times.sources)}):"
    yield ""
    yield f"- one reminder after {times.reminder_after_minutes} minutes"
    yield (
        f"- silence is somebody's task after {times.unanswered_after_hours} h, after an urgent or "
        f"emergency answer after {times.unanswered_after_serious_hours} h"
    )
    yield f"- a check-in stopped half-way is somebody's task after {times.abandoned_after_hours} h"
    yield (
        f"- «is this happening now?» without an answer for {times.red_flag_question_minutes} "
        "minutes: urgent"
    )
    yield (
        f"- nothing is sent between {quiet.start} and {quiet.end} "
        f"({sources(protocol, quiet.sources)})"
    )
    yield f"- {link('the rules about silence', 'rules-silence')}"
    yield ""
