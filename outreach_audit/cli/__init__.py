"""The command line: one file a command."""

from outreach_audit.cli.app import app, main

__all__ = ["app", "main"]
