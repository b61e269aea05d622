"""Pages for a browser: one self-contained file each, no script that a student could have written."""
