"""Who is within reach of what: walking distances along the streets, by class of shelter; places against people."""
