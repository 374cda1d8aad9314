"""Files in object stores and behind other protocols of fsspec, by their URL: read where they lie, never copied here.

They are opened only where a user names such a URL (docs/clusters.md).
"""

import importlib
import io
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Any, cast

from outreach_audit.sources.limits import MIB

_URL = re.compile(r"([a-z][a-z0-9+.\-]+)://(?=.)", re.IGNORECASE)
_AHEAD = 4 * MIB
_STATE = ("ETag", "LastModified", "last_modified", "mtime", "created", "updated", "md5Hash", "generation", "size")
"""What stores say of the state of a file; all that they say of these must be the same for it to be unchanged."""


def is_remote(path: "str | Path | RemotePath") -> bool:
    """Whether this is the URL of a file elsewhere; a path of this machine never is."""
    return isinstance(path, RemotePath) or (isinstance(path, str) and _URL.match(path) is not None)


def path_of(path: "str | Path | RemotePath") -> Path:
    """A path of this machine, or one that stands for a URL and is used in the same way."""
    if isinstance(path, RemotePath) or not is_remote(path):
        return cast("Path", path) if isinstance(path, RemotePath) else Path(path)
    return cast("Path", RemotePath(str(path).rstrip("/")))


@dataclass(frozen=True, slots=True)
class _Stat:
    st_mode: int
    st_size: int
    st_mtime_ns: int
    st_ino: int
    st_dev: int = 0


@dataclass(frozen=True)
class RemotePath:
    """What the reading of files uses of `pathlib.Path`, for a URL; every failure is an OSError."""

    url: str

    def __str__(self) -> str:
        return self.url

    def __fspath__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> "RemotePath":
        return RemotePath(f"{self.url}/{name}")

    def __getstate__(self) -> dict[str, str]:
        return {"url": self.url}  # connections stay in their process

    @property
    def _pure(self) -> PurePosixPath:
        return PurePosixPath(_URL.sub("/", self.url))

    @property
    def name(self) -> str:
        """The last part."""
        return self._pure.name

    @property
    def stem(self) -> str:
        """The last part without its ending."""
        return self._pure.stem

    @property
    def suffix(self) -> str:
        """The ending of the last part."""
        return self._pure.suffix

    @property
    def parent(self) -> "RemotePath":
        """The folder; of a bucket or host itself."""
        return self if len(self._pure.parts) <= 2 else RemotePath(self.url.rpartition("/")[0])  # noqa: PLR2004 - root, host

    @property
    def parents(self) -> tuple["RemotePath", ...]:
        """All folders above, from the innermost."""
        return () if self.parent == self else (self.parent, *self.parent.parents)

    def absolute(self) -> "RemotePath":
        """Itself."""
        return self

    @cached_property
    def _system(self) -> tuple[Any, str]:
        """The file system of fsspec, and the path within it."""
        try:
            fsspec = importlib.import_module("fsspec")
        except ImportError:
            raise OSError("it lies elsewhere: pip install 'outreach-audit[remote]'") from None
        with _told():
            system, inside = fsspec.core.url_to_fs(self.url)
        return system, str(inside)

    def _info(self) -> dict[str, Any]:
        system, inside = self._system
        with _told():
            found: dict[str, Any] = system.info(inside)
        return found

    def stat(self) -> _Stat:
        """Size, kind, and in place of time and inode what tells states of the file apart."""
        info = self._info()
        state = repr([str(info[name]) for name in _STATE if info.get(name) is not None]).encode()
        number = int.from_bytes(blake2b(state, digest_size=7).digest())
        is_file = info.get("type") == "file"
        return _Stat(stat.S_IFREG if is_file else stat.S_IFDIR, int(info.get("size") or 0), number, number)

    def exists(self) -> bool:
        """Whether it is there, and can be looked at."""
        try:
            self._info()
        except OSError:
            return False
        return True

    def is_dir(self) -> bool:
        """Whether it is a folder, a bucket or a common beginning of names."""
        try:
            return self._info().get("type") == "directory"
        except OSError:
            return False

    def is_symlink(self) -> bool:
        """No."""
        return False

    def listed(self) -> Iterator[tuple["RemotePath", bool]]:
        """What lies in a folder by sorted name, and whether it is a folder too."""
        system, inside = self._system
        with _told():
            entries = system.ls(inside, detail=True)
        named = {PurePosixPath(entry["name"]).name: entry for entry in entries if entry["name"].rstrip("/") != inside}
        for name in sorted(named):
            yield self / name, named[name]["type"] == "directory"

    def open(self, mode: str = "rb", buffering: int = 0) -> io.BufferedReader:  # noqa: ARG002 - as pathlib's
        """The bytes of the file."""
        system, inside = self._system
        with _told():
            file = system.open(inside, mode, block_size=_AHEAD, cache_type="readahead")
        return io.BufferedReader(_File(file), MIB)


class _File(io.RawIOBase):
    """A file of fsspec, whose failures are OSErrors."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 (imported at run time)
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - collections.abc.Buffer is of 3.12
        with _told(), memoryview(buffer) as view:
            content: bytes = self._file.read(len(view))
            view[: len(content)] = content
            return len(content)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        with _told():
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a library of a protocol raises, as an OSError of one line."""
    try:
        yield
    except FileNotFoundError:
        raise
    except ImportError as error:
        raise OSError(f"this protocol needs another package: {error}") from error
    except Exception as error:  # each protocol has errors of its own
        lines = str(error).splitlines()
        raise OSError(f"{type(error).__name__}: {lines[0] if lines else 'no reason told'}") from error
