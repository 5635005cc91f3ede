"""Copies of the phrases and the labels, for tests in which a native speaker signs a language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import bot.export.wording as labels
import flows.engine.phrases as words

ROOT = Path(__file__).parents[1]


class Files:
    """What the bot reads for as long as `copies` gives it; Spanish is the language signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sign(self, *kinds: str) -> None:
        """Let Carmen Ruiz sign the Spanish `phrases`, or `labels`, as they stand."""
        for kind in kinds:
            found = (words if kind == "phrases" else labels).review("es")
            assert found is not None
            self.change(kind, "es", '^reviewed_by = ""', 'reviewed_by = "Carmen Ruiz"')
            self.change(kind, "es", '^reviewed_texts = ""', f'reviewed_texts = "{found.now}"')

    def change(self, kind: str, language: str, old: str, new: str) -> None:
        """Put something else into a file."""
        file = self.folder / kind / f"{language}.toml"
        text, times = re.subn(old, new, file.read_text("utf-8"), count=1, flags=re.MULTILINE)
        assert times == 1, old
        file.write_text(text, "utf-8")
        forget()


def forget() -> None:
    """Let the files be read anew."""
    for one in (words.read, words.phrases, words.review, labels.read, labels.review,
                labels.wording):  # fmt: skip
        one.cache_clear()


@contextmanager
def copies(folder: Path) -> Iterator[Files]:
    """Let the phrases and the labels come from copies in a folder."""
    before = words.FOLDER, labels.FOLDER
    words.FOLDER = copytree(ROOT / "flows" / "phrases", folder / "phrases")
    labels.FOLDER = copytree(ROOT / "bot" / "export" / "labels", folder / "labels")
    forget()
    try:
        yield Files(folder)
    finally:
        words.FOLDER, labels.FOLDER = before
        forget()
