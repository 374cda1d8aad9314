"""One small reader for each family of formats."""
