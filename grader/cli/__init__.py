"""Arguments, wiring, printing, exit codes; the only room that prints."""
