"""Reading and writing files safely: atomic writes, hashes, size limits."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from civdef.errors import OutputError
from civdef.text import Text

_REASONS = {
    errno.EACCES: "权限不足",
    errno.EPERM: "权限不足",
    errno.EROFS: "所在磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.ENOTDIR: "上级路径不是目录",
    errno.EISDIR: "该路径是一个目录",
    errno.EEXIST: "该路径已被一个文件占用",
    errno.ENOENT: "目录不存在",
    errno.ENAMETOOLONG: "名称过长",
}


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader sees the old file or the new one, never half of it.

    Raises
    ------
    OutputError
        If the folder cannot be made or the file cannot be written.
    """
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files, all or none.

    Each is complete on the disk beside its place before the first one takes its place; if one cannot take its place,
    those already replaced are put back as they were.

    Raises
    ------
    OutputError
        If a folder cannot be made or a file cannot be written; no file has changed then.
    """
    waiting: dict[Path, str] = {}
    replaced: dict[Path, bytes | None] = {}
    current = Path()
    try:
        for current, data in files.items():
            waiting[current] = _beside(current, data)
        for current, temporary in waiting.items():
            before = current.read_bytes() if len(files) > 1 and current.exists() else None
            os.replace(temporary, current)
            replaced[current] = before
    except BaseException as error:
        if len(files) > 1:
            _put_back(replaced)
        if isinstance(error, OSError):
            raise _cannot_write(current, error) from error
        raise
    finally:
        for temporary in waiting.values():
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _beside(path: Path, data: bytes) -> str:
    """Write `data` to a new file beside `path`, with its permissions, and return the name. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


def _put_back(replaced: Mapping[Path, bytes | None]) -> None:
    for path, before in replaced.items():
        with contextlib.suppress(OSError):
            if before is None:
                path.unlink()
            else:
                os.replace(_beside(path, before), path)


def _cannot_write(path: Path, error: OSError) -> OutputError:
    return OutputError(
        Text("无法写入 {path}：{why}", "Cannot write {path}: {why}").format(path=path, why=reason(error)),
        hint=Text(
            "检查该目录是否可写、磁盘是否已满、文件是否被其他程序打开，或用 -o 指定另一个目录。",
            "Check that the folder is writable, the disk is not full and no other program holds the file open,"
            " or name another folder with -o.",
        ),
    )


def check_folder(folder: Path) -> None:
    """Try whether files can be written to a folder, and leave nothing: before long work, so that its result is not lost.

    Raises
    ------
    OutputError
        If they cannot.
    """
    made = [f for f in (folder, *folder.parents) if not f.exists()]
    try:
        os.unlink(_beside(folder / "civdef", b""))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        with contextlib.suppress(OSError):
            for empty in made:
                empty.rmdir()


def write_text(path: Path, text: str) -> None:
    r"""Write `text` as UTF-8 with ``\n`` line ends, atomically. Raises as :func:`write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def reason(error: OSError) -> Text:
    """Return why the system refused, in both languages where the cause is a common one."""
    said = error.strerror or str(error)
    return Text(_REASONS.get(error.errno or 0, said), said)


def digest(data: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()[:16]


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
