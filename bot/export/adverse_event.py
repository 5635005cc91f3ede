"""What a regulator's form asks about one alert, as far as this program knows it. Not a submission.

Somebody reads it, fills in what is missing, decides what was serious and what caused it, and sends
the regulator's own form. Who the patient is stands nowhere in it: a case code, which is what both
forms ask for. `adverse_boxes` says what is in which box.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.export.adverse_boxes import Event, boxes
from bot.export.case_report import Whole, moment
from bot.export.pdf import pdf
from bot.export.said import Saying
from bot.export.writing import OptionsError
from flows.verdict import Level

KIND: Final = "aftercheck.adverse_event/1"
"""What the document calls itself; the number grows when a key changes its meaning or goes."""
NOTICE: Final = (
    "Prefilled summary, not a submission. Nothing has been sent to anybody. Whoever reports "
    "decides what was serious and what caused it, fills in what is missing, and sends the "
    "regulator's form."
)
FDA: Final = (
    "https://www.fda.gov/safety/medwatch-fda-safety-information-and-adverse-event-reporting-program"
)
MHRA: Final = "https://yellowcard.mhra.gov.uk"
OPEN: Final = "to be filled in"
SECTIONS: Final = {
    "A": "A. Patient",
    "B": "B. Adverse event",
    "C": "C. Availability of the product",
    "D": "D. Suspect product",
    "F": "F. Other products",
    "G": "G. Reporter",
}
"""Those of Form FDA 3500; E, a suspect device, is for the reporter to choose in the place of D."""


def adverse_event(
    whole: Whole, saying: Saying, zone: ZoneInfo, phone: str, key: str | None
) -> dict[str, Any]:
    """Return the summary of an alert: of the one with this key, or of the most severe.

    Raises:
        OptionsError: the case has no such alert, or none at all.
    """
    alert = chosen(whole, key)
    inside = alert["content"] or {}
    visit = next((one for one in whole["sessions"] if one["number"] == inside.get("session")), None)
    protocol = saying.protocol(whole["patient"][0]["protocol"])
    event = Event(whole, alert, visit, saying, protocol, zone, phone)
    return {
        "format": KIND, "notice": NOTICE, "forms": [FDA, MHRA], "case": whole["case"],
        "alert": alert["key"], "clinic": whole["clinic"], "made_at": whole["made_at"],
        "zone": zone.key,
        "boxes": [
            {
                "fda_3500": one.number, "asks": one.asks, "yellow_card": one.yellow_card,
                "known": list(one.lines),
            }
            for one in boxes(event)
        ],
    }  # fmt: skip


def chosen(whole: Whole, key: str | None) -> Whole:
    """Return the alert to summarise.

    Raises:
        OptionsError: there is none.
    """
    alerts: list[Whole] = list(whole["alerts"])
    if not alerts:
        raise OptionsError(f"Case {whole['case']} has no alert that could be reported.")
    if key is None:
        return max(alerts, key=lambda one: (Level.named(one["level"]), one["raised_at"]))
    found = next((one for one in alerts if one["key"] == key), None)
    if found is None:
        names = ", ".join(one["key"] for one in alerts)
        raise OptionsError(f"Case {whole['case']} has no alert {key}; it has {names}.")
    return found


def as_summary_json(summary: Mapping[str, Any]) -> bytes:
    """Return a summary for a machine: UTF-8, indented."""
    return json.dumps(summary, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


def as_summary_pdf(summary: Mapping[str, Any]) -> bytes:
    """Return a summary to read, fill in and sign.

    Raises:
        NoTypesetterError: the extra `pdf` is not installed.
    """
    made = moment(summary["made_at"], ZoneInfo(summary["zone"]))
    sections: dict[str, list[dict[str, Any]]] = {title: [] for title in SECTIONS.values()}
    for one in summary["boxes"]:
        asked = "" if one["yellow_card"] == "-" else f"Yellow Card: {one['yellow_card']}"
        first, *more = one["known"] or [f"__________  {OPEN}"]
        rows = [(asked, first), *(("", line) for line in more)]
        entry = {"title": f"{one['fda_3500']} {one['asks']}", "rows": rows}
        sections[SECTIONS[one["fda_3500"][0]]].append(entry)
    return pdf({
        "title": f"Prefilled summary of alert {summary['alert']}",
        "lead": f"{summary['notice']} {summary['clinic']}, made {made}; times are those of "
        f"{summary['zone']}. Boxes are those of Form FDA 3500, with the Yellow Card's beside them.",
        "foot": f"Alert {summary['alert']}: a prefilled summary, not a submission",
        "facts": [],
        "sections": [{"title": title, "entries": found, "none": ""}
                     for title, found in sections.items()],
        "sign": ["Completed by", "Date", "Signature"],
    })  # fmt: skip
