"""Imported by the process from which workers are forked (`run.executors`), and nowhere else."""

import gc
import json
import os
from contextlib import suppress
from pathlib import Path

from outreach_audit.errors import OutreachAuditError
from outreach_audit.run.workers import preload

with suppress(OutreachAuditError):  # a worker finds the same fault, and tells it
    preload([Path(path) for path in json.loads(os.environ.get("OUTREACH_AUDIT_PRELOAD", "[]"))])
gc.freeze()  # what is never collected is never copied
