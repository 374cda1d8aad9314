"""Coverage-guided fuzzing of splitter, parser and text extraction: see docs/fuzzing.md."""

import sys

import atheris

with atheris.instrument_imports(include=["outreach_audit.sources", "outreach_audit.mail"]):
    from tests.mail.fuzzed import one_input

if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
