"""The page docs/burden.md: every figure in it comes from a run."""

from collections.abc import Callable

from bench.clinic.figures import (
    over_seeds,
    per_hundred,
    percent,
    table,
    weighted,
)
from bench.clinic.limits import CANNOT_SAY, DEFINITIONS
from bench.clinic.run import Run, caught
from bench.clinic.sections import complications, day_five, missed, silences, turned
from bench.clinic.tally import Tally, Treated
from flows.verdict import Level

MOST_ALERTS, FEWEST_CAUGHT = 8.0, 99.0
"""The limits, in percent: of check-ins that alert, and of complications caught
(docs/sources.md, burden)."""


def summary(run: Run) -> list[str]:
    """Return the table that the page starts with."""
    outcomes = run.complications.outcomes
    clear = weighted(run.protocol, run.assumed, outcomes, caught, lambda o: o.clear)
    any_sign = weighted(run.protocol, run.assumed, outcomes, caught, lambda _: True)
    natural = [o for tally in run.tallies for o in tally.outcomes]

    def share(figure: Callable[[Tally], float]) -> str:
        return over_seeds(run.tallies, lambda tally: 100 * figure(tally) / tally.checkins)

    def hundred(figure: Callable[[Tally], float]) -> str:
        return over_seeds(run.tallies, lambda tally: per_hundred(figure(tally), tally.courses))

    return table(
        ["what", "figure", "limit"],
        [
            ("alerts, % of answered check-ins", share(lambda t: t.alerts), f"≤ {MOST_ALERTS:g}"),
            ("… without the call list", share(lambda t: t.clinical), ""),
            ("… without both closing questions", share(lambda t: t.alerts - t.closing_only), ""),
            ("alerts per 100 courses", hundred(lambda t: t.alerts), ""),
            ("… without the call list", hundred(lambda t: t.clinical), ""),
            ("new cases per 100 courses", hundred(lambda t: t.cases), ""),
            ("courses with an alert, of 100", hundred(lambda t: t.courses_alerting), ""),
            ("silence alerts per 100 courses", hundred(lambda t: t.silences.total()), ""),
            ("complications answered about, caught, %", f"{any_sign:.1f}", f"≥ {FEWEST_CAUGHT:g}"),
            ("… of those with a sign more than light", f"{clear:.1f}", f"≥ {FEWEST_CAUGHT:g}"),
            (
                "… in the clinic's own courses",
                f"{sum(map(caught, natural))} of {len(natural)}",
                "",
            ),
            ("answered check-ins per course", over_seeds(run.tallies, checkins_a_course), ""),
            ("answered, % of sent", share_answered(run), ""),
        ],
    )


def checkins_a_course(tally: Tally) -> float:
    """Return answered check-ins per course."""
    return tally.checkins / tally.courses


def share_answered(run: Run) -> str:
    """Return the share of check-ins sent that were answered, percent."""
    return over_seeds(run.tallies, lambda tally: 100 * tally.checkins / tally.sent)


def rule_rows(run: Run) -> list[tuple[str, float, float]]:
    """Return rules with alerts per 100 courses they took part in, and raised alone."""
    alone = run.added(lambda tally: tally.alone)
    return [
        (rule, per_hundred(count, run.courses), per_hundred(alone[rule], run.courses))
        for rule, count in run.added(lambda tally: tally.took_part).most_common()
    ]


def report(run: Run) -> str:
    """Return the whole page."""
    seeds = len(run.tallies)
    parts = [
        "# What staff would get: a simulated clinic",
        "",
        (
            f"{run.courses:,} courses ({seeds} times {run.courses // seeds:,}) through the "
            f"schedule and the classifier of {run.protocol.name}. A range is the 95 % interval "
            "over seeds."
        ),
        "",
        *summary(run),
        *DEFINITIONS,
        "![Alerts per 100 courses by rule](charts/burden.svg)",
        "",
        *levels(run),
        *treatments(run),
        *rules(run),
        *complications(run),
        *missed(run),
        *silences(run),
        *turned(run),
        *day_five(run),
        *CANNOT_SAY,
    ]
    return "\n".join(parts).rstrip() + "\n"


def levels(run: Run) -> list[str]:
    """Return the share of check-ins at each level."""
    rows = [
        (
            str(level).replace("_", "-"),
            over_seeds(run.tallies, lambda t, level=level: 100 * t.levels[level] / t.checkins, 2),  # type: ignore[misc]
        )
        for level in Level
    ]
    return ["## Levels", "", *table(["level", "% of answered check-ins"], rows)]


def treatments(run: Run) -> list[str]:
    """Return alerts by treatment, as the mix orders them."""
    rows = []
    for name in run.assumed.mix:
        every = [tally.treatments.get(name, Treated()) for tally in run.tallies]
        courses, alerts = sum(t.courses for t in every), sum(t.alerts for t in every)
        checkins = sum(t.checkins for t in every)
        rows.append((name, courses, percent(alerts, courses, 0), percent(alerts, checkins)))
    head = ["treatment", "courses", "alerts per 100 courses", "% of its check-ins"]
    return ["## By treatment", "", *table(head, rows)]


def rules(run: Run) -> list[str]:
    """Return what each rule costs, in alerts and in watch."""
    watched = run.added(lambda tally: tally.watched_alone)
    rows = [(rule, f"{total:.2f}", f"{alone:.2f}", "") for rule, total, alone in rule_rows(run)]
    rows += [
        (rule, "", "", f"{per_hundred(count, run.courses):.2f}")
        for rule, count in watched.most_common()
    ]
    fired = run.added(lambda tally: tally.took_part) + watched
    never = [r.id for r in run.protocol.rules if not r.on_event and r.id not in fired]
    head = ["rule", "alerts it took part in", "raised alone", "watch raised alone"]
    return [
        "## By rule, per 100 courses",
        "",
        (
            "«MX-pain-A-1» is the window of pain, class A, rank 1. «Alone»: without this rule, no "
            "alert (or no watch)."
        ),
        "",
        *table(head, rows),
        f"Never alerting nor alone at watch: {', '.join(never)}.",
        "",
    ]
