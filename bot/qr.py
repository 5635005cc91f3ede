"""A link as a picture that a phone's camera reads."""

from io import BytesIO, StringIO

import segno

SCALE = 12
"""Pixels of one module: a link makes a picture of some 500 pixels, which fills a phone's width,
and a camera reads that across a desk."""

BORDER = 4
"""Modules of white around it, as ISO/IEC 18004 asks."""


def png(link: str) -> bytes:
    """Return the picture of a link as a PNG file."""
    picture = BytesIO()
    code(link).save(picture, kind="png", scale=SCALE, border=BORDER)
    return picture.getvalue()


def blocks(link: str) -> str:
    """Return the picture of a link in half blocks, for a terminal."""
    picture = StringIO()
    code(link).terminal(picture, border=BORDER, compact=True)
    return picture.getvalue()


def code(link: str) -> segno.QRCode:
    """Return the QR code of a link, which stays readable with a seventh of it covered."""
    return segno.make_qr(link, error="m")
