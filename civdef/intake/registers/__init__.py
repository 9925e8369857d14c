"""Registers that offices keep in Excel → the tables of a workspace. Pure: what is read and written is :mod:`civdef.load`'s."""
