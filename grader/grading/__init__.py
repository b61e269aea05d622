"""One submission through every room: observed, judged, named, scored."""
