"""Workers on other machines: a Dask cluster that is there already (docs/clusters.md)."""

import importlib
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from outreach_audit import __version__
from outreach_audit.errors import OutreachAuditError

_P = ParamSpec("_P")
_T = TypeVar("_T")
_CONNECT_SECONDS = 10
_SLOTS_SECONDS = 5  # workers come and go; to ask for their number costs a message


class Cluster:
    """The workers of a Dask cluster. A task of one that dies goes to another; how often is the scheduler's setting."""

    def __init__(self, address: str) -> None:
        """Connect.

        Args:
            address: of the scheduler, as ``tcp://host:8786`` or ``tls://host:8786``.

        Raises:
            OutreachAuditError: there is no such scheduler, or a worker has another version of the program.
        """
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            told = "--cluster needs Dask: pip install 'outreach-audit[cluster]'"
            raise OutreachAuditError(told) from None
        self._address = address
        self._lost: tuple[type[BaseException], ...] = (
            CancelledError,
            distributed.CancelledError,
            distributed.comm.CommClosedError,
        )
        self.died: tuple[type[BaseException], ...] = (distributed.KilledWorker,)
        try:
            self._client: Any = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            told = f"no cluster at {address} ({type(error).__name__}); is its scheduler running?"
            raise OutreachAuditError(told) from error
        self._executor = self._client.get_executor(pure=False)
        self._slots, self._asked = 1, 0.0
        try:
            self._check()
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        if isinstance(error, self._lost):
            told = f"the cluster at {self._address} was lost; what was finished is in the ledger, scan again to go on"
            raise OutreachAuditError(told) from error
        if isinstance(error, ImportError):
            raise OutreachAuditError(self._lacking(str(error))) from error

    @property
    def slots(self) -> int:
        """How many shards the workers take at the same time; 1 while there are none yet."""
        if time.monotonic() - self._asked > _SLOTS_SECONDS:
            self._slots = max(1, sum(self._client.nthreads().values()))
            self._asked = time.monotonic()
        return self._slots

    def submit(self, call: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a call made by one of the workers."""
        future: Future[_T] = self._executor.submit(call, *args, **kwargs)
        return future

    def renew(self) -> None:
        """Nothing to do: the cluster starts its workers again."""

    def _check(self) -> None:
        """Refuse workers that judge otherwise; those that come later are refused by the first shard they take."""
        for worker, found in self._client.run(_version, on_error="return").items():
            if isinstance(found, Exception):
                raise OutreachAuditError(self._lacking(f"{worker}: {found}"))
            if found != __version__:
                told = f"the worker {worker} has outreach-audit {found}, this run {__version__}"
                raise OutreachAuditError(f"{told}: install the same everywhere")

    @staticmethod
    def _lacking(why: str) -> str:
        return f"a worker of the cluster lacks what this run needs ({why}): install the same outreach-audit everywhere"


def _version() -> str:
    return __version__
