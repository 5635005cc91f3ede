"""Files that were sent, and the sizes of photos.

Pictures are not scaled: every size of a photo has its own width, height and identifier, as
Telegram's have, and the bytes of the original.
"""

import hashlib
import re
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from bot.standin.errors import Json, bad_request

PHOTO_LIMIT = 10 << 20  # Bot API reference, "Sending files"
DOWNLOAD_LIMIT = 20 << 20  # MAX_DOWNLOAD_FILE_SIZE of the official server
PHOTO_SIDES = (90, 320, 800, 1280, 2560)  # the sizes s, m, x, y and w
PNG = b"\x89PNG\r\n\x1a\n"
IDENTIFIER = re.compile(r"AgACAgIAAx(\d{8})")
PATH = re.compile(r"file_(\d{1,9})\.")
JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True)
class Upload:
    """A file as somebody hands it over."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True)
class StoredFile:
    """A file on the server, under a number that is no secret and no identifier."""

    number: int
    upload: Upload
    folder: str
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Return the path under which `getFile` offers it for download."""
        suffix = self.upload.name.rpartition(".")[2] if "." in self.upload.name else "bin"
        return f"{self.folder}/file_{self.number}.{suffix}"

    @property
    def unique_id(self) -> str:
        """Return the identifier that is the same for every bot."""
        return "AQ" + token(f"unique:{self.number}")[:14]

    def id_for(self, bot: int) -> str:
        """Return this bot's identifier; another bot's is of no use to it."""
        return f"AgACAgIAAx{self.number:08d}" + token(f"file:{bot}:{self.number}")[:46]

    def facts(self, bot: int) -> Json:
        """Return the fields that every object about a file has."""
        size = len(self.upload.content)
        return {
            "file_id": self.id_for(bot),
            "file_unique_id": self.unique_id,
            "file_size": size,
        }


def token(seed: str) -> str:
    """Return letters and digits that look random and are always the same for a seed."""
    return urlsafe_b64encode(hashlib.sha384(seed.encode()).digest()).decode()


class Files:
    """Every file of the world."""

    def __init__(self) -> None:
        self.stored: list[StoredFile] = []

    def keep(self, upload: Upload, folder: str, width: int = 0, height: int = 0) -> StoredFile:
        """Store a file and return it."""
        file = StoredFile(len(self.stored), upload, folder, width, height)
        self.stored.append(file)
        return file

    def by_id(self, bot: int, file_id: str) -> StoredFile | None:
        """Return the file to which this bot's identifier belongs."""
        file = self.numbered(IDENTIFIER.match(file_id))
        return file if file and file.id_for(bot) == file_id else None

    def by_path(self, path: str) -> StoredFile | None:
        """Return the file that is offered under a path."""
        file = self.numbered(PATH.search(path))
        return file if file and file.path == path else None

    def numbered(self, match: re.Match[str] | None) -> StoredFile | None:
        """Return the file whose number was found in an identifier or path."""
        number = int(match.group(1)) if match else len(self.stored)
        return self.stored[number] if number < len(self.stored) else None

    def photo(self, upload: Upload) -> tuple[StoredFile, ...]:
        """Store a photo in its sizes, the smallest first.

        Raises:
            Refusal: 400 for what is too big, empty or no picture.
        """
        size = len(upload.content)
        if size > PHOTO_LIMIT:
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; "
                f"the maximum size is {PHOTO_LIMIT} bytes"
            )
        width, height = dimensions(upload.content)
        picture = Upload(upload.name.rpartition(".")[0] + ".jpg", upload.content, "image/jpeg")
        longer = max(width, height)
        sides = [side for side in PHOTO_SIDES if side < longer] + [min(longer, PHOTO_SIDES[-1])]
        return tuple(
            self.keep(
                picture,
                "photos",
                max(1, width * side // longer),
                max(1, height * side // longer),
            )
            for side in sides
        )


def dimensions(content: bytes) -> tuple[int, int]:
    """Return the width and height of a PNG or JPEG in pixels.

    Raises:
        Refusal: 400 for an empty file and for what is neither.
    """
    if not content:
        raise bad_request("file must be non-empty")
    if content.startswith(PNG) and len(content) >= 24:  # noqa: PLR2004 - header up to the height
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content.startswith(JPEG):
        return jpeg_dimensions(content)
    raise bad_request("IMAGE_PROCESS_FAILED")


def jpeg_dimensions(content: bytes) -> tuple[int, int]:
    """Walk a JPEG's segments to its frame header, which holds its height and width."""
    position = 2
    frames = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
    while position + 9 <= len(content):
        marker = content[position + 1]
        if marker in frames:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return int(width), int(height)
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    raise bad_request("IMAGE_PROCESS_FAILED")
