"""Two ordinary messages, of which nothing hostile may change the record."""

from collections.abc import Iterable

_OFFER = b"""From: Li Wei <hr@talent-bridge.example.com>
To: kim@kaist.ac.kr
Subject: Chair professor
Message-ID: <ordinary-1@talent-bridge.example.com>
Date: Mon, 4 Mar 2024 01:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Professor Kim,

our university in Shenzhen, China, would like to invite you to join us as chair professor. The annual salary is
RMB 900,000; an apartment and start-up funding of RMB 3 million are provided. You may keep your present position.
Please send your CV before 30 June.

Best regards
Li Wei
"""
_EVERYDAY = b"""From: Park <park@kaist.ac.kr>
To: kim@kaist.ac.kr
Subject: Seminar on Thursday
Message-ID: <ordinary-2@kaist.ac.kr>
Date: Tue, 5 Mar 2024 01:00:00 +0000

The seminar begins at four. See you there.
"""
ORDINARY = (_OFFER, _EVERYDAY)


def mbox(messages: Iterable[bytes]) -> bytes:
    """An mbox of these messages, as they stand: nothing in them is quoted."""
    return b"".join(b"From a@example.org Fri May 17 10:15:15 2024\n" + message + b"\n" for message in messages)
