"""Examines a protocol file in a process of its own: proofs and replays take seconds of a processor.

    python -m bot.board.examining < question > answer

Both are JSON. It knows no key and no database: the history comes in with the question, and nothing
is written down. What goes back names cases, levels and rules, and no answer of a patient.
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

LONGEST: Final = 600.0
"""Seconds; on two busy cores the bundled protocol takes about forty."""

POLITE: Final = 10
"""How far it stands back behind the bot, as `nice` counts."""

COMMAND: Final = (sys.executable, "-I", "-X", "utf8", "-m", "bot.board.examining")
Json = dict[str, Any]

PICTURE: Final = re.compile(r"(!\[.*?\])\(charts/([a-z0-9_]+)[.]svg\)")
ANCHOR: Final = re.compile(r"&lt;a id=&quot;([A-Za-z0-9_-]+)&quot;&gt;&lt;/a&gt;")
TABLE: Final = re.compile(r"<table>.*?</table>", re.DOTALL)
COMMENT: Final = re.compile(r"<p>&lt;!--.*?--&gt;</p>\n", re.DOTALL)
"""What the thresholds' page holds of pictures and HTML (`flows/render.py`)."""
ROLLED: Final = r'<div class="scroll" tabindex="0" role="group" aria-label="Table">\g<0></div>'
"""A table in a box of its own, which can be moved sideways, by keys too."""


class BrokenOffError(RuntimeError):
    """The examination did not come to its end; the log says why."""


async def ask(question: Mapping[str, object]) -> Json:
    """Return what a process of its own answers.

    Raises:
        BrokenOffError: it took too long, or ended without an answer.
    """
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, env={},
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(
            process.communicate(json.dumps(question).encode()), LONGEST
        )
    except TimeoutError:
        raise BrokenOffError("it took too long") from None
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        raise BrokenOffError(f"it ended with {process.returncode}")
    found: Json = json.loads(said)
    return found


def answered(question: Json) -> Json:
    """Return the answer to a question: the page of a version, or what a changed file would do."""
    if "page" in question:
        return page(question["page"])
    return examined(question["old"], question["new"], question["history"])


def page(text: str) -> Json:
    """Return the thresholds as HTML, and the pictures of the treatments."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - not in the bot's own process

    from flows.chart import charts  # noqa: PLC0415
    from flows.protocol_file import parse_protocol  # noqa: PLC0415
    from flows.render import thresholds_page  # noqa: PLC0415

    protocol = parse_protocol(text, "the protocol")
    words = PICTURE.sub(r"[\1(/board/protocol/chart/\2.svg)](/board/protocol/chart/\2)",
                        thresholds_page(protocol))  # fmt: skip
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(words)
    return {"html": unescaped(rendered), "charts": charts(protocol)}


def unescaped(rendered: str) -> str:
    """Return a page with the places that links lead to, and the lines of its tables.

    Markdown shows all HTML as text here, since the words of a protocol are others'; these two are
    given back, which do nothing whoever writes them.
    """
    page = COMMENT.sub("", rendered).replace("&lt;br&gt;", "<br>")
    return TABLE.sub(ROLLED, ANCHOR.sub(r'<a id="\1"></a>', page))


def examined(old_text: str, new_text: str, history: Sequence[str]) -> Json:
    """Return whether a file may be used, what it changes, and what it would have done."""
    from flows.diff import differences  # noqa: PLC0415
    from flows.joining import joined, stale  # noqa: PLC0415
    from flows.protocol_file import ProtocolError, parse_protocol  # noqa: PLC0415
    from flows.replay import replay  # noqa: PLC0415
    from flows.verify import verify  # noqa: PLC0415

    old = parse_protocol(old_text, "the present one")
    try:
        whole = joined(new_text, old)
        new = parse_protocol(whole.text, "the file")
    except ProtocolError as error:
        return {"name": "", "problems": list(error.problems)}
    proved_not = [
        f"{one.guarantee}: {one.sentence}" for one in verify(new)
        if not (whole.missed and ": no words in «" in one.sentence)  # said better by `missed`
    ]  # fmt: skip
    found: Json = {
        "name": new.name, "title": new.protocol.title,
        "problems": [*whole.missed, *proved_not],
        "completed": list(whole.completed),
    }  # fmt: skip
    found["differences"] = [[True, one] for one in stale(new, old)]
    found["differences"] += [[one.dangerous, str(one)] for one in differences(old, new)]
    report = replay(old, new, history)
    found |= {
        "read": report.read, "skipped": len(report.skipped),
        "before": sum(week.old.alerts for week in report.weeks.values()),
        "after": sum(week.new.alerts for week in report.weeks.values()),
        "changes": [
            {"kind": one.kind.name.lower(), "case": one.case or "",
             "at": one.at.isoformat() if one.at else "", "old": str(one.old),
             "new": None if one.new is None else str(one.new),
             "fired": list(one.fired), "fires": list(one.fires)}
            for one in report.changes
        ],
    }  # fmt: skip
    return found


def main() -> None:
    """Answer one question."""
    os.nice(POLITE)
    sys.stdout.write(json.dumps(answered(json.loads(sys.stdin.read()))))


if __name__ == "__main__":
    main()
