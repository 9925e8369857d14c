"""Reading and writing files safely: atomic writes, hashes, size limits."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
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
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise OutputError(
            Text("无法写入 {path}：{why}", "Cannot write {path}: {why}").format(path=path, why=reason(error)),
            hint=Text(
                "检查该目录是否可写、磁盘是否已满、文件是否被其他程序打开，或用 -o 指定另一个目录。",
                "Check that the folder is writable, the disk is not full and no other program holds the file open,"
                " or name another folder with -o.",
            ),
        ) from error


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
