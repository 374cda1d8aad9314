"""Make the corpus from which fuzzing begins: ``python tools/fuzz/make_corpus.py FOLDER [FILE_OR_FOLDER...]``.

Takes the regressions of the tests and all small files of the folders named (the conformance suites, say).
"""

import hashlib
import sys
from pathlib import Path

LARGEST = 6_000
REGRESSIONS = Path(__file__).parents[2] / "tests" / "mail" / "regressions"


def main(target: Path, sources: list[Path]) -> None:
    """Copy what is small under a name made of its content."""
    target.mkdir(parents=True, exist_ok=True)
    for source in [REGRESSIONS, *sources]:
        for path in [source] if source.is_file() else source.rglob("*"):
            if path.is_file() and path.stat().st_size <= LARGEST and path.suffix not in {".json", ".xml", ".md"}:
                content = path.read_bytes()
                (target / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
