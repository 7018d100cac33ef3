"""The reference pages, each made by a function from the docstrings and annotations of the code."""
