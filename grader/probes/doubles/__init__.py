"""What stands in for the notebook's own model, batches and data in a probe."""
