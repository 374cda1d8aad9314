"""The period that is counted: whole days of one time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from outreach_audit.errors import UsageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both counted; None leaves a side open."""

    since: date | None
    until: date | None
    zone: ZoneInfo

    @classmethod
    def of(cls, *, month: str | None, since: date | None, until: date | None, tz: str) -> "Period":
        """The period that a user named.

        Raises:
            UsageError: an unknown time zone, no month of the form ``2026-03``, or a month and other limits.
        """
        try:
            zone = ZoneInfo(tz)
        except (ValueError, OSError, LookupError) as error:
            raise UsageError(f"there is no time zone {tz!r}; write it as Asia/Seoul or UTC") from error
        if month is None:
            return cls(since, until, zone)
        if since or until:
            raise UsageError("a month stands alone: leave out the first and the last day")
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError as error:
            raise UsageError(f"{month!r} is no month; write it as 2026-03") from error
        next_month = first.replace(day=28) + timedelta(days=4)
        return cls(first, next_month - timedelta(days=next_month.day), zone)

    @property
    def seconds(self) -> tuple[int | None, int | None]:
        """The first second that is counted, and the first that is counted no more, since 1970 in UTC."""
        after = self.until + timedelta(days=1) if self.until and self.until < date.max else None
        return self._start(self.since), self._start(after)

    def month_of(self, seconds: int | None) -> str:
        """The month in which a moment lies in this time zone, as ``2026-03``; ``undated`` for None."""
        if seconds is None:
            return "undated"
        moment = _EPOCH + timedelta(seconds=seconds)
        try:
            local = moment.astimezone(self.zone)
        except OverflowError:  # the first or last hours of the calendar
            local = moment
        return f"{local.year:04}-{local.month:02}"

    def _start(self, day: date | None) -> int | None:
        if day is None:
            return None
        return (datetime.combine(day, time(), self.zone) - _EPOCH) // timedelta(seconds=1)
