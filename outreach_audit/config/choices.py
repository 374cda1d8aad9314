"""Values that stand in options and in the configuration alike; light enough for the start of the program."""

from enum import StrEnum

DEFAULT_FILE = "outreach-audit.toml"
"""The configuration that applies where none is named, if it lies in the working directory."""


class FailOn(StrEnum):
    """What makes a run end with exit code 10."""

    NONE = "none"
    FOUND = "found"
    NEW = "new"
    UNCLEAR = "unclear"


class DateBasis(StrEnum):
    """Which date of a message counts."""

    RECEIVED = "received"
    HEADER = "header"


class LogFormat(StrEnum):
    """The form of lines on standard error."""

    TEXT = "text"
    JSON = "json"
