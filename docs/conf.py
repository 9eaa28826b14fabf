# ruff: noqa: INP001 - read by Sphinx as a file
"""How the documents' site is built: `python scripts/site.py`."""

project = "grader"
author = "The grader developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["build"]
html_theme = "furo"
html_title = "grader"
html_copy_source = False
html_show_copyright = False
myst_heading_anchors = 4
autodoc_typehints = "none"
autodoc_member_order = "bysource"
nitpicky = False
# A page in another language stands beside the English one.
language = "en"
