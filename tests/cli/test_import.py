"""``civdef import``: a group whose subcommands are found, not listed, and which costs nothing to ask about."""

from __future__ import annotations

import subprocess
import sys

from civdef import registry
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
