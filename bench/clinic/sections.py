"""The later sections of docs/burden.md: complications, silence, and what would change."""

from bench.clinic.figures import middle, of_kind, per_hundred, percent, table
from bench.clinic.run import Run, caught
from bench.clinic.stories import told
from bench.clinic.tally import Outcome
from bench.clinic.variants import WithDayFive

MOST_STORIES = 60
"""Stories on the page; the rest is counted."""


def complications(run: Run) -> list[str]:
    """Return caught and missed by kind, from the courses that all have a complication."""
    rows = []
    for kind in run.assumed.complications:
        every = of_kind(run.complications.outcomes, kind)
        clear = [o for o in every if o.clear]
        mine = of_kind((o for tally in run.tallies for o in tally.outcomes), kind)
        rows.append(
            (
                kind.kind,
                len(every),
                percent(sum(map(caught, every)), len(every)),
                percent(sum(map(caught, clear)), len(clear)),
                percent(sum(o.caught_by_symptoms for o in every), len(every)),
                kind.needs.replace("_", "-"),
                percent(sum(o.reached for o in every), len(every)),
                middle(o.first_alert_after for o in every),
                f"{sum(map(caught, mine))} of {len(mine)}",
            )
        )
    head = ["complication", "answered about", "caught %", "… with a clear sign %"]
    head += ["… without closing questions %", "needs", "reached %"]
    head += ["hours to first alert", "in the clinic"]
    each = run.complications.courses // len(run.assumed.complications)
    return [
        "## Complications",
        "",
        f"{each} courses of each kind, all of them ill; the last column counts the clinic's own.",
        "",
        *table(head, rows),
    ]


def missed(run: Run) -> list[str]:
    """Return the missed complications as stories, the clinic's own first."""
    own = [o for tally in run.tallies for o in tally.outcomes if not o.caught]
    clear = [o for o in run.complications.outcomes if not o.caught and o.clear]
    light = sum(not o.caught and not o.clear for o in run.complications.outcomes)
    lines = ["## The missed ones", "", f"In the clinic's own courses: {len(own)}.", ""]
    lines += told(run.protocol, own[:MOST_STORIES])
    lines += ["", f"Among the courses that are all ill, with a clear sign: {len(clear)}.", ""]
    lines += told(run.protocol, clear[:MOST_STORIES])
    more = max(0, len(clear) - MOST_STORIES)
    lines += ["", f"Not told here: {more} more with a clear sign, {light} with light signs only."]
    return [*lines, ""]


def silences(run: Run) -> list[str]:
    """Return silence alerts, and the check-ins about results and the next session."""
    counts = run.added(lambda tally: tally.silences)
    rows = [(r, f"{per_hundred(n, run.courses):.1f}") for r, n in counts.most_common()]
    said = run.added(lambda tally: tally.moment_rules)
    moments = [(r, f"{per_hundred(n, run.courses):.2f}") for r, n in said.most_common()]
    return [
        "## Silence",
        "",
        "Not among the alerts above. One reminder is sent, and half answer it.",
        "",
        *table(["rule", "alerts per 100 courses"], rows),
        "## Results check-ins and reminders of the next session",
        "",
        "Not among the alerts above.",
        "",
        *table(["rule", "fired per 100 courses"], moments),
    ]


def turned(run: Run) -> list[str]:
    """Return what the figures do when an assumption is turned."""
    rows = [
        (
            words,
            percent(tally.alerts, tally.checkins),
            percent(tally.clinical, tally.checkins),
            f"{per_hundred(tally.alerts, tally.courses):.0f}",
            f"{per_hundred(tally.silences.total(), tally.courses):.0f}",
        )
        for words, tally in run.turned
    ]
    head = ["assumption", "alerts %", "… without call list %", "per 100 courses"]
    head += ["silence alerts per 100"]
    if not rows:
        return []
    words = "The patients of seed 1, half as many courses each; the first row is the comparison."
    return ["## When an assumption is wrong", "", words, "", *table(head, rows)]


def earlier(fifth: WithDayFive) -> tuple[int, str]:
    """Return how many ill courses alert earlier with day 5, and by how many hours (median)."""

    def firsts(outcomes: list[Outcome]) -> dict[tuple[str, int], float | None]:
        return {(o.kind, o.followed.patient.number): o.first_alert_after for o in outcomes}

    before, after = firsts(fifth.usual_ill.outcomes), firsts(fifth.more_ill.outcomes)
    saved = [
        first - sooner
        for key, sooner in after.items()
        if sooner is not None and (first := before.get(key)) is not None and sooner < first
    ]
    return len(saved), middle(saved)


def day_five(run: Run) -> list[str]:
    """Return what the check-in on day 5 changes."""
    if run.fifth is None:
        return []
    fifth, rows = run.fifth, []
    for words, clinic, sick in (
        ("without day 5", fifth.usual, fifth.usual_ill),
        ("with day 5", fifth.more, fifth.more_ill),
    ):
        told_of = sick.outcomes
        within = [o.first_alert_after for o in told_of]
        rows.append(
            (
                words,
                percent(len(told_of), sick.ill),
                percent(sum(map(caught, told_of)), sick.ill),
                middle(within),
                f"{clinic.alerts / clinic.courses:.3f}",
                f"{clinic.messages / clinic.courses:.2f}",
            )
        )
    head = ["schedule", "answered about %", "caught, % of all", "median hours to first alert"]
    head += ["alerts per course", "messages per course"]
    kinds = []
    for kind in run.assumed.complications:
        pair = [of_kind(t.outcomes, kind) for t in (fifth.usual_ill, fifth.more_ill)]
        if pair[0]:
            counts = [sum(map(caught, outcomes)) for outcomes in pair]
            hours = [middle(o.first_alert_after for o in outcomes) for outcomes in pair]
            kinds.append((kind.kind, *counts, *hours))
    sooner, saved = earlier(fifth)
    columns = ["complication", "caught", "caught with day 5", "hours", "hours with day 5"]
    return [
        "## The check-in on day 5",
        "",
        "Treatments that had none between day 3 and 7: the same patients with and without.",
        "",
        *table(head, rows),
        (
            f"Of {fifth.usual_ill.ill} ill courses, {sooner} alert sooner with day 5, "
            f"by {saved} hours in the middle."
        ),
        "",
        *table(columns, kinds),
    ]
