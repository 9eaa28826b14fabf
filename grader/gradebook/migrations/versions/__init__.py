"""One module for each schema that there has been."""
