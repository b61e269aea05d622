"""Whole downloads, as learning systems lay them out, with the right outcome: a TOML file each."""
