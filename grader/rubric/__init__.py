"""What an instructor may write, described and checked: schemas, a reference page, and lint."""
