"""Measuring the verdicts against labelled mail (docs/definitions.md, section 5)."""
