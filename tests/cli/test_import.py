"""``civdef import``: a group whose subcommands are found, not listed, and which costs nothing to ask about."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import civdef
from civdef import registry
from civdef.cli.main import main
from civdef.load.target import targets


def test_help_names_every_subcommand_and_loads_no_map_library() -> None:
    program = (
        "import sys\n"
        "from civdef.cli.main import main\n"
        "try:\n    main(['import', '--help', '--lang', 'en'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'geopandas', 'pyogrio', 'shapely', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
    for name in registry.names("civdef.cli.imports"):
        assert f"  {name.rstrip('_')}" in done.stdout, name


def test_every_layer_has_its_subcommand() -> None:
    assert set(targets()) <= set(registry.names("civdef.cli.imports"))
    for module in registry.modules("civdef.load.targets"):
        assert module.__name__.rpartition(".")[2] == module.TARGET.name


OSM = (
    '<osm version="0.6"><bounds minlat="28.499" minlon="122.999" maxlat="28.503" maxlon="123.003"/>'
    '<node id="1" lat="28.5" lon="123.0"/><node id="2" lat="28.5" lon="123.002"/>'
    '<node id="3" lat="28.5003" lon="123.0002"/><node id="4" lat="28.5003" lon="123.0012"/>'
    '<node id="5" lat="28.5013" lon="123.0012"/><node id="6" lat="28.5013" lon="123.0002"/>'
    '<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="清华路"/></way>'
    '<way id="11"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="3"/>'
    '<tag k="leisure" v="park"/><tag k="name" v="近春园"/></way></osm>'
)


def test_from_an_extract_to_a_shelter_by_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "ws"
    file = tmp_path / "街道.osm"
    file.write_text(OSM, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main([*arguments])
        return int(left.value.code or 0), capsys.readouterr().out

    assert run("init", "--blank", str(root))[0] == 0
    code, said = run("-C", str(root), "import", "osm", str(file))
    assert code == 0
    assert "有 1 处场地可作避难场所" in said
    assert run("-C", str(root), "check")[0] == 0
    code, said = run("-C", str(root), "import", "promote")
    assert (code, "近春园" in said, "候选" in said) == (0, True, True)
    assert run("-C", str(root), "--json", "import", "promote")[0] == 2
    code, said = run("-C", str(root), "import", "promote", "近春园")
    assert code == 0
    assert "已列入避难场所 1 处" in said
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    code, said = run("-C", str(root), "import", "promote", "--all")
    assert (code, "已是避难场所，未作改动" in said) == (0, True)
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before
    code, said = run("-C", str(root), "--json", "import", "promote", "--kind", "park", "--class", "long_term")
    assert json.loads(said)["already"] == ["candidate/w11"]
    assert run("-C", str(root), "import", "promote", "没有")[0] == 2


def _words(tree: ast.Module) -> Iterator[str]:
    """Yield the texts in a program, but for docstrings."""
    about = {id(e.value) for e in ast.walk(tree) if isinstance(e, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in about:
            yield node.value


def test_every_option_that_a_message_suggests_exists() -> None:
    package = Path(civdef.__file__).parent
    commands = [
        m.command for name in ("civdef.cli.imports", "civdef.cli.commands") for m in registry.modules(name)
    ]
    known = {o for c in commands for p in c.params for o in (*p.opts, *p.secondary_opts)}
    for folder in ("intake", "load"):
        for path in sorted((package / folder).rglob("*.py")):
            words = " ".join(_words(ast.parse(path.read_text("utf-8"))))
            for option in set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", words)):
                assert option in known, f"{path.name} suggests {option}"


def test_swapped_axes_and_a_stated_encoding_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "ws"
    (tmp_path / "点.csv").write_bytes("名称,类型,x,y\n湖滨派出所,派出所,39.99,116.33\n".encode("gb18030"))

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([*arguments])
        return int(left.value.code or 0), *capsys.readouterr()

    run("init", "--blank", str(root))
    given = ("-C", str(root), "import", "posts", str(tmp_path / "点.csv"), "--crs", "wgs84")
    code, _, said = run(*given)
    assert (code, "--swap" in said) == (2, True)
    code, _, said = run(*given, "--swap", "--encoding", "utf-8")
    assert (code, "--encoding" in said) == (2, True)
    code, said, _ = run(*given, "--swap", "--encoding", "gbk")
    assert code == 0, said
    assert "[116.33,39.99]" in (root / "maps/posts.geojson").read_text("utf-8")
