"""Who stands ready and what starts: shifts, stand-ins, travel, triggers, the call tree. Pure functions, shared by judges."""
