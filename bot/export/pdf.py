"""A PDF out of headings, facts and rows: `case_report` says what, `page.typ` how they look.

Typst sets it, in Noto's letters, which are installed with it: Latin, Greek, Cyrillic, Arabic and
Chinese. What people wrote reaches it as data, never as its language. A picture sign, for which
there is no letter, stands as its name.
"""

import json
import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

from flows.staff_language import _

PAGE: Final = Path(__file__).with_name("page.typ")
FONTS: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "cvttf_NotoSansCJK_Regular")
"""Packages that hold one font each."""

DRAWN: Final = "svg"
"""The key of a drawing of this program's own, which is no text to be printed."""

LONGEST_RUN: Final = 40
"""Letters without a space after which a line may break: no word of a language is longer, and half
of a line has room for so many."""
RUN = re.compile(rf"[^\s\u200b]{{{LONGEST_RUN}}}(?=\S)")
BREAK: Final = "\u200b"
LAST_LETTERLIKE: Final = "\u218f"
"""Signs up to here, such as ° and ™, are in every font of letters; pictures come after."""
KEPT: Final = "\n\t\u200c\u200d\u200e\u200f"
"""Signs without a shape that stay: lines, and those that Arabic and Persian are written with."""


class NoTypesetterError(Exception):
    """A PDF needs what is not installed, and how to get it."""

    def __init__(self) -> None:
        super().__init__(_("A PDF needs Typst: pip install 'aftercheck[pdf]'. JSON works without."))


def can_set() -> bool:
    """Whether everything that a PDF needs is installed."""
    return all(find_spec(name) for name in ("typst", *FONTS))


def pdf(content: Any) -> bytes:  # noqa: ANN401 - what JSON can hold
    """Set headings, facts and rows as `case_report.report` gives them.

    Raises:
        NoTypesetterError: the extra `pdf` is not installed.
    """
    made = compiled(content, "pdf")
    assert isinstance(made, bytes)
    return made


def drawn_page(content: Any) -> bytes:  # noqa: ANN401 - as above
    """Return the first page of the same as a picture, a PNG.

    Raises:
        NoTypesetterError: the extra `pdf` is not installed.
    """
    pages = compiled(content, "png")
    return pages[0] if isinstance(pages, list) else pages


def compiled(content: Any, file_format: Literal["pdf", "png"]) -> bytes | list[bytes]:  # noqa: ANN401
    """Let Typst set content.

    Raises:
        NoTypesetterError: the extra `pdf` is not installed.
    """
    if not can_set():
        raise NoTypesetterError
    import typst  # noqa: PLC0415 - 80 MB, and only where somebody wants a PDF

    data = {"data": json.dumps(shown(content), ensure_ascii=False)}
    made: bytes | list[bytes] = typst.compile(
        str(PAGE), font_paths=list(fonts()), ignore_system_fonts=True, sys_inputs=data,
        format=file_format, ppi=110.0,
    )  # fmt: skip
    return made


@cache
def fonts() -> tuple[str, ...]:
    """Return the folders of the fonts."""
    found = (find_spec(name) for name in FONTS)
    return tuple(str(Path(spec.origin).parent) for spec in found if spec and spec.origin)


def shown(content: Any) -> Any:  # noqa: ANN401 - what JSON can hold
    """Return content with every text as it can be printed."""
    if isinstance(content, dict):
        return {name: value if name == DRAWN else shown(value) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [shown(value) for value in content]
    return printable(content) if isinstance(content, str) else content


def printable(text: str) -> str:
    """Return a text without what has no shape or turns lines around, breakable anywhere."""
    return RUN.sub(lambda run: run[0] + BREAK, "".join(map(sign, text)))


def sign(one: str) -> str:
    """Return one sign as it is printed."""
    kind = unicodedata.category(one)
    if kind in ("So", "Sk") and one > LAST_LETTERLIKE:
        return f"[{unicodedata.name(one, 'sign').lower()}]"
    if kind in ("Cs", "Co", "Cn"):
        return "\ufffd"
    return one if one in KEPT or kind not in ("Cc", "Cf") else ""
