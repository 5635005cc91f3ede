"""Numbers and rules cite what whoever reads the repository can look up."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sources.md"
CITED = re.compile(r"ocs/sources\.md, ([a-z-]+(?:,? and [a-z-]+)?)")
LINKED = re.compile(r"sources\.md#([a-z-]+)")
UNSEEN = (
    r"(?:delivery|performance|design) plan",
    r"\bDELIVERY\b", r"\bPERFORMANCE [A-G]\b", r"\b(?:DESIGN|PEERS|STYLE)\.md",
    r"\bthe issue (?:asks|wants|says)", r"\(issue\)", r"(?<!telegram-bot-api )\bissue \d",
)  # fmt: skip
"""What nobody finds here: documents and issues that are no part of the repository."""


def tracked() -> dict[str, str]:
    """Return the texts that are under version control, by path."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.toml", "Makefile"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    here = Path(__file__).relative_to(ROOT).as_posix()
    return {
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in listed
        if name != here and (ROOT / name).exists()
    }


TEXTS = tracked()


@pytest.mark.parametrize("words", UNSEEN)
def test_nothing_cites_what_a_reader_does_not_have(words: str) -> None:
    found = re.compile(words, re.IGNORECASE if words.islower() else 0)
    assert not {name for name, text in TEXTS.items() if found.search(text)}


def test_each_row_that_is_cited_exists_and_each_is_cited() -> None:
    rows = set(re.findall(r'<a id="([a-z-]+)"></a>', PAGE.read_text(encoding="utf-8")))
    cited = set()
    for name, text in TEXTS.items():
        flowing = re.sub(r"\s+(?:# )?", " ", text)
        for names in CITED.findall(flowing) if name != "docs/sources.md" else ():
            cited |= set(re.split(r",? and ", names))
        cited |= set(LINKED.findall(text))
    assert cited == rows
