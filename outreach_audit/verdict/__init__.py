"""From the evidence to the verdict: label, kind, score, reasons."""
