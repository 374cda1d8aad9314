"""Every error that a user can meet, under one base, each with its exit code (docs/cli.md)."""


class OutreachAuditError(Exception):
    """An error said to the user in one line: what happened, where, and what to do."""

    exit_code = 1


class UsageError(OutreachAuditError):
    """The options do not fit together."""

    exit_code = 2


class InvalidPackError(OutreachAuditError):
    """A configuration or pack is invalid; the message lists file:line of every fault."""

    exit_code = 4


class LedgerBusyError(OutreachAuditError):
    """Another run holds the ledger."""

    exit_code = 6


class TallyRefusedError(OutreachAuditError):
    """A tally does not verify, or a merge refuses it."""

    exit_code = 7
