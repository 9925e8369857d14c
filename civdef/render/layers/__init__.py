"""Map layers: one file per layer, found by discovery. See :mod:`civdef.render.layer` for what each declares."""
