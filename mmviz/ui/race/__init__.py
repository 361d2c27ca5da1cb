"""Two configurations on one clock."""
