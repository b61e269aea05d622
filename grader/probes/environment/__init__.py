"""What student code runs in: its namespace, its imports, and PyTorch as it is set up for it."""
