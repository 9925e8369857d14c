"""``civdef import households``."""

from civdef.cli.imports._table import table_command
from civdef.text import Text

command = table_command("households", Text("导入住户登记表。", "Import the register of households."))
