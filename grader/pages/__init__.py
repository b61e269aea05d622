"""Pages for a browser: one self-contained file each, nothing in them that a student can run."""
