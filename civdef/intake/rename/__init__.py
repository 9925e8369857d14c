"""Communities that got another name or code, or became one: what becomes of whom, and every reference rewritten."""
