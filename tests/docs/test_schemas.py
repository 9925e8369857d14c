"""JSON is an interface: the published schemas are those of the classes, and what is printed fits them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from civdef.cli import main
from tests import toy_town
from tools.make_schemas import FOLDER, schemas


def test_published_schemas_are_those_of_the_classes() -> None:
    published = {p.name: p.read_text(encoding="utf-8") for p in FOLDER.glob("*.schema.json")}
    assert published == schemas(), "run python -m tools.make_schemas"


@pytest.mark.parametrize(
    "command",
    [
        "check", "graph", "coverage", "evacuate --plan toy", "evacuate compare --plan toy now=", "audit", "explain",
        "drill list", "drill run toy",
    ],
)  # fmt: skip
def test_what_a_command_prints_fits_its_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    toy_town.write(tmp_path, {"drills/toy.yaml": toy_town.DRILL})
    with pytest.raises(SystemExit):
        main([*command.split(), "--json", "--lang", "en", "-C", str(tmp_path)])
    document = json.loads(capsys.readouterr().out)
    name = document["schema"].replace("/", "-")
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
