"""How kernels are compiled: without the interpreter's lock, cached on disk, safe on read-only installations.

Inner functions are not cached by themselves: only entry points are, and their cache key includes a digest of all source
files given, because numba looks at the file of the entry point alone and would keep a stale binary when a helper changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def _compile(function: F, **options: Any) -> F:
    try:
        # Options that numba does not document, so it must do without them too. The kernels allocate nothing, so reference counting, which would cost more than the work itself, is off.
        compile_with: Any = numba.njit(**_OPTIONS, **options, _nrt=False)  # type: ignore[call-overload]
        return cast(F, compile_with(function))
    except (KeyError, TypeError):  # a numba that does not know the option: slower, same results
        known = {name: value for name, value in options.items() if name == "cache"}
        return cast(F, numba.njit(**_OPTIONS, **known)(function))


def shared(function: F) -> F:
    """Compile a function that other kernels call (never Python); it may not allocate arrays.

    Parameters
    ----------
    function
        In numba's subset of Python.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # a third of the compile time


def entry(function: F) -> F:
    """Compile an entry point and cache it on disk, or only in memory where no folder can be written.

    Parameters
    ----------
    function
        A closure over :func:`digest` of the files it rests on; it may not allocate arrays.

    Notes
    -----
    numba caches beside the source, in the user's cache folder, or in ``NUMBA_CACHE_DIR``, whichever can be written.
    """
    try:
        return _compile(function, cache=True)
    except RuntimeError:  # "no locator available": none of the folders can be written
        return _compile(function)


def digest(files: Sequence[str | Path]) -> int:
    """Return a number that changes when one of the source files does.

    Parameters
    ----------
    files
        Names beside this file, or whole paths.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    here = Path(__file__).parent
    hasher = sha256()
    for name in files:
        hasher.update((here / name).read_bytes())
    return int.from_bytes(hasher.digest()[:6], "big")


def kernel(function: F) -> F:
    """Compile a kernel that stands in one file with all that it calls, and may allocate arrays; cached like :func:`entry`.

    Parameters
    ----------
    function
        In numba's subset of Python; types follow from the arguments.
    """
    try:
        return cast(F, numba.njit(**_OPTIONS, cache=True)(function))
    except RuntimeError:  # no folder can be written
        return cast(F, numba.njit(**_OPTIONS)(function))
