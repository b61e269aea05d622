"""Records what student code does, as plain data and arrays."""
