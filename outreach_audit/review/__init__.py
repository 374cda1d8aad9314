"""What people decide about findings: decisions, agreement, random samples, exchange (docs/review.md)."""
