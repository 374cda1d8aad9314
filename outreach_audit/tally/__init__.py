"""Figures with unit, coverage and interval; nothing else is ever printed."""

from outreach_audit.tally.model import Column, Count, Coverage, Row, Section, Table
from outreach_audit.tally.period import Period
from outreach_audit.tally.tables import tables

__all__ = ["Column", "Count", "Coverage", "Period", "Row", "Section", "Table", "tables"]
