"""The product's own words, a file for each language."""
