"""``civdef import duty``."""

from civdef.cli.imports._table import table_command
from civdef.text import Text

command = table_command("duty", Text("导入值班表。", "Import the duty rota."))
