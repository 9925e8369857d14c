"""``civdef import posts``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command(
    "posts",
    Text(
        "导入固定点位（派出所、消防站、卫生站、物资库等）。",
        "Import fixed posts (police, fire, clinics, stores).",
    ),
)
