"""The page's last parts: what patients are told, accepted falls, and every source."""

from collections.abc import Iterator

from flows.page.markdown import Section, anchor, link, safe, sources, table
from flows.protocol import Protocol
from flows.tables import Source
from flows.words import english

READ = {
    "in full": "read in full",
    "second hand": "second hand, not read in full",
    "from memory": "from memory, to be checked",
    "not applicable": "",
}


def texts_section(protocol: Protocol) -> Section:
    """Return what the patient is told, with the levels and rules that use each text."""
    rows = []
    for name, words in protocol.texts.items():
        users = [level.replace("_", " ") for level, r in protocol.levels.items() if r.text == name]
        users += [link(r.id, f"r-{r.id}") for r in protocol.rules if r.text == name]
        rows.append([f"{anchor(f'text-{name}')}{name}", safe(english(words)), ", ".join(users)])
    lines = ["Words in {braces} are filled in when the text is sent."]
    lines += table(["Text", "English", "Used by"], rows)
    return Section("texts", "What the patient is told", lines)


def falls_section(protocol: Protocol) -> Section:
    """Return the places where a worse or later answer may lower the level on purpose."""
    if not protocol.accepted_falls:
        return Section("falls", "Where the level may fall on purpose", ["Nowhere."])
    rows = (
        [
            safe(fall.reason),
            "the same answer later" if fall.when == "later" else "a worse answer",
            " ".join(link(rule, f"r-{rule}") for rule in fall.rules),
            sources(protocol, fall.sources),
        ]
        for fall in protocol.accepted_falls
    )
    lines = list(table(["Why it may fall", "With", "Rules", "Sources"], rows))
    return Section("falls", "Where the level may fall on purpose", lines)


def sources_section(protocol: Protocol) -> Section:
    """Return every source: the clinic's own sentences first, in full."""
    kinds: dict[str, list[tuple[str, Source]]] = {}
    for code, source in protocol.sources.items():
        kinds.setdefault(source.kind, []).append((code, source))
    lines = ["### The clinic's own FAQ, word for word", ""]
    for code, source in kinds.get("clinic_faq", []):
        lines += [f"> {anchor(f's-{code}')}**{code}** {safe(source.says)}", ""]
    lines += ["### Published", "", *listed(kinds.get("literature", []))]
    lines += ["### Own choices", "", *listed(kinds.get("own_choice", []))]
    return Section("sources", "Sources", lines)


def listed(found: list[tuple[str, Source]]) -> Iterator[str]:
    """Yield one line for each source: what it says, where, and how it was read."""
    for code, source in found:
        parts = (safe(source.says), READ[source.read], safe(source.where))
        yield f"- {anchor(f's-{code}')}**{code}** " + ". ".join(part for part in parts if part)
    yield ""
