"""Where submissions run: the warm process that holds the imports, and the confined subjects forked from it."""
