"""``python -m civdef``."""

from civdef.cli import main

if __name__ == "__main__":
    main()
