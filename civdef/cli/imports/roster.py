"""``civdef import roster``."""

from civdef.cli.imports._table import table_command
from civdef.text import Text

command = table_command("roster", Text("导入人员名册。", "Import the roster of people."))
