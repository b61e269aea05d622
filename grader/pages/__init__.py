"""Pages for a browser: one file each, nothing loaded, no script that a student wrote."""
