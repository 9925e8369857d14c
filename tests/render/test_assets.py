"""The vendored web assets are the ones we chose, and ask for nothing outside."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "civdef" / "render" / "assets"


def manifest() -> dict[str, str]:
    lines = (ASSETS / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_file_is_listed_with_its_hash() -> None:
    found = {
        path.relative_to(ASSETS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ASSETS.iterdir()
        if folder.is_dir() and not folder.name.startswith("_")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == manifest()


def test_every_vendored_package_carries_its_licence() -> None:
    packages = {name.split("/")[0] for name in manifest()}
    assert packages == {name.split("/")[0] for name in manifest() if name.endswith("/LICENSE")}


def test_leaflet_is_the_stated_version_without_source_map() -> None:
    script = (ASSETS / "leaflet" / "leaflet.js").read_text(encoding="utf-8")
    assert "Leaflet 1.9.4" in script
    assert "sourceMappingURL" not in script


def test_styles_refer_to_vendored_images_only() -> None:
    for style in ASSETS.rglob("*.css"):
        for target in re.findall(r"url\(([^)]*)\)", style.read_text(encoding="utf-8")):
            name = target.strip("'\" ")
            assert name.startswith("#") or (style.parent / name).is_file(), f"{style.name}: {name}"
