"""The corpora that speed is measured on: the same every time, and read as what they are meant to be."""

import sys
from itertools import islice
from pathlib import Path

import pytest

from outreach_audit.codes import Reading
from outreach_audit.mail import parse
from outreach_audit.sources import RawMessage, read

FOLDER = Path(__file__).parents[2]
MAIL = FOLDER / "sample_mailboxes"


@pytest.fixture
def corpora(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER / "benchmarks"))
    import corpora

    yield corpora
    sys.modules.pop("corpora", None)


@pytest.mark.parametrize("kind", ["light", "heavy"])
def test_a_corpus_is_the_same_every_time(corpora, tmp_path, kind):
    for name in ("one", "two"):
        messages = corpora.light(MAIL) if kind == "light" else corpora.heavy(MAIL, 0.0)
        corpora.write(messages, tmp_path / name, 0.4, told=lambda _: None)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_heavy_mail_has_markup_attachments_and_charsets_and_is_read_in_full(corpora, tmp_path):
    corpora.write(corpora.heavy(MAIL, 0.0), tmp_path / "heavy.mbox", 1.0, told=lambda _: None)
    raw = [item.content for item in read([tmp_path / "heavy.mbox"]) if isinstance(item, RawMessage)]
    mails = [parse(content) for content in raw]
    assert all(mail.reading in {Reading.READ, Reading.READ_WITH_DEFECTS} for mail in mails)
    assert 0.25 < sum(b"text/html" in content for content in raw) / len(raw) < 0.4
    attached = sum(len(content) for content in raw if b"Content-Disposition: attachment" in content)
    assert 0.5 < attached / sum(map(len, raw)) < 0.8
    assert sum(b"charset=iso-2022-jp" in content or b"charset=gb18030" in content for content in raw)
    assert any(mail.attachments for mail in mails)


def test_every_copy_is_a_message_of_its_own(corpora):
    messages = list(islice(corpora.light(MAIL), 400))
    assert len({parse(content).message_id for content in messages}) == 400
