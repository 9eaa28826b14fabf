"""Pages for a browser, each a single file without network and, but for sorting the overview, without script."""
