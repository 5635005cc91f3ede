"""Notes what SQLite does to its files, by a layer (a "VFS") between the library and the system.

It is registered with the very library that Python's `sqlite3` uses, as the default, so whatever
opens a database in this process is seen and need not know. A file's methods are the system's own
but for three that are noted on the way: the table of methods is copied, and those are replaced.
See https://www.sqlite.org/c3ref/vfs.html and https://www.sqlite.org/c3ref/io_methods.html.
"""

import _sqlite3
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

NAME: Final = b"noted"
OK: Final = 0
CREATE: Final = 0x4
JOURNALS: Final = 0x800 | 0x4000 | 0x80000
"""SQLite flushes the folder with the first flush of such a file (`UNIXFILE_DIRSYNC`, os_unix.c)."""

FILE, TEXT, INT, LONG = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int64

OPEN: Final = ctypes.CFUNCTYPE(INT, FILE, FILE, FILE, INT, FILE)
"""The path goes through as an address: what is at it must stay until the file is closed."""

DELETE: Final = ctypes.CFUNCTYPE(INT, FILE, TEXT, INT)
WRITE: Final = ctypes.CFUNCTYPE(INT, FILE, FILE, INT, LONG)
TRUNCATE: Final = ctypes.CFUNCTYPE(INT, FILE, LONG)
SYNC: Final = ctypes.CFUNCTYPE(INT, FILE, INT)


class Write(NamedTuple):
    """Bytes put into a file at a place."""

    name: str
    offset: int
    data: bytes


class Truncated(NamedTuple):
    """A file cut to a length."""

    name: str
    size: int


class Flushed(NamedTuple):
    """A file that is on the disk as it is, its name too; `folder`: and every deletion beside it."""

    name: str
    folder: bool


class Deleted(NamedTuple):
    """A file taken away; `flushed` when the folder was flushed with it."""

    name: str
    flushed: bool


class Told(NamedTuple):
    """The product was told that this transaction, and all before it, is safe."""

    number: int


Step: TypeAlias = Write | Truncated | Flushed | Deleted | Told


class Methods(ctypes.Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = (
        ("version", INT), ("close", FILE), ("read", FILE), ("write", WRITE),
        ("truncate", TRUNCATE), ("sync", SYNC),
        *((f"other{number}", FILE) for number in range(13)),
    )  # fmt: skip


class System(ctypes.Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = (
        ("version", INT), ("size", INT), ("longest", INT), ("next", FILE), ("name", TEXT),
        ("data", FILE), ("open", OPEN), ("delete", DELETE),
        *((f"other{number}", FILE) for number in range(14)),
    )  # fmt: skip


def library() -> Any:  # noqa: ANN401 - its functions are made when they are named
    """Return the SQLite that Python's `sqlite3` calls.

    Raises:
        OSError: it is built into Python, so that nothing can be put beneath it.
    """
    place = getattr(_sqlite3, "__file__", None)
    loaded = ctypes.CDLL(place)  # with it come the libraries that it is linked to
    if not place or not hasattr(loaded, "sqlite3_vfs_register"):
        raise OSError("this Python has SQLite built in; take one that is linked to libsqlite3")
    loaded.sqlite3_vfs_find.restype = ctypes.POINTER(System)
    loaded.sqlite3_vfs_find.argtypes = [TEXT]
    loaded.sqlite3_vfs_register.argtypes = [ctypes.POINTER(System), INT]
    loaded.sqlite3_vfs_unregister.argtypes = [ctypes.POINTER(System)]
    return loaded


class Recorder:
    """What was done to the files of one folder, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[Step] = []
        self.names: dict[int, str] = {}
        self.tables: dict[int, Methods] = {}
        self.new_journals: set[int] = set()

    def name_of(self, path: bytes | None) -> str:
        """Return a file's name; empty for what is elsewhere or has none."""
        if not path:
            return ""
        found = Path(path.decode())
        return found.name if found.parent == self.folder else ""

    def noted(self, address: int) -> Methods:
        """Return a table of methods like the one at an address, of which three are noted."""
        if address not in self.tables:
            own = Methods.from_address(address)
            table = Methods.from_buffer_copy(own)
            table.write, table.truncate, table.sync = self.noting(own)
            self.tables[address] = table
        return self.tables[address]

    def noting(self, own: Methods) -> tuple[Any, Any, Any]:
        """Return the three methods."""

        def write(file: int, data: int, count: int, offset: int) -> int:
            if name := self.names.get(file):
                self.steps.append(Write(name, offset, ctypes.string_at(data, count)))
            return int(own.write(file, data, count, offset))

        def truncate(file: int, size: int) -> int:
            if name := self.names.get(file):
                self.steps.append(Truncated(name, size))
            return int(own.truncate(file, size))

        def sync(file: int, flags: int) -> int:
            code = int(own.sync(file, flags))
            if code == OK and (name := self.names.get(file)):
                self.steps.append(Flushed(name, file in self.new_journals))
                self.new_journals.discard(file)
            return code

        return WRITE(write), TRUNCATE(truncate), SYNC(sync)

    def opening(self, below: Any) -> Callable[..., int]:  # noqa: ANN401 - a pointer to a System
        """Return what opens a file and has it noted from then on."""

        def opens(_system: int, path: int | None, file: int, flags: int, given: int) -> int:
            code = int(below.contents.open(ctypes.addressof(below.contents), path, file, flags,
                                           given))  # fmt: skip
            table = ctypes.c_void_p.from_address(file)
            if code == OK and table.value:
                self.names[file] = self.name_of(ctypes.string_at(path) if path else None)
                self.new_journals.discard(file)
                if flags & CREATE and flags & JOURNALS:
                    self.new_journals.add(file)
                table.value = ctypes.addressof(self.noted(table.value))
            return code

        return opens

    def deleting(self, below: Any) -> Callable[..., int]:  # noqa: ANN401 - as above
        """Return what deletes a file and notes it."""

        def deletes(_system: int, path: bytes | None, flushed: int) -> int:
            code = int(below.contents.delete(ctypes.addressof(below.contents), path, flushed))
            if code == OK and (name := self.name_of(path)):
                self.steps.append(Deleted(name, bool(flushed)))
            return code

        return deletes


@contextmanager
def recording(folder: Path) -> Iterator[Recorder]:
    """Note what SQLite does to the files of a folder; all of them are closed before it ends."""
    sqlite = library()
    recorder = Recorder(folder)
    below = sqlite.sqlite3_vfs_find(None)
    above = System.from_buffer_copy(below.contents)
    above.name = NAME
    above.open = OPEN(recorder.opening(below))
    above.delete = DELETE(recorder.deleting(below))
    sqlite.sqlite3_vfs_register(above, 1)
    try:
        yield recorder
    finally:
        sqlite.sqlite3_vfs_register(below, 1)
        sqlite.sqlite3_vfs_unregister(above)
