"""``civdef import vehicles``."""

from civdef.cli.imports._table import table_command
from civdef.text import Text

command = table_command("vehicles", Text("导入车辆台账。", "Import the list of vehicles."))
