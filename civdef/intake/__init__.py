"""Raw tables → clean features and a change report. Pure: no files are read or written here."""
