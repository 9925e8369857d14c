"""One file per subcommand of ``civdef import``, each with its ``command``; imported when it is used."""
