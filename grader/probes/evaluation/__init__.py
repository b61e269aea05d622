"""How an evaluation is tried: on scenes, on devices that are pretended, and beyond its numbers."""
