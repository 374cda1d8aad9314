"""In which folder a delivery lay: told by the container's labels, else by the names on its path."""

import re
from collections.abc import Iterable

from outreach_audit.codes import Folder
from outreach_audit.sources.model import Ref

# Names as mail programs and webmail write them in eight languages; compared in lower case, whole words only.
_NAMES = {
    Folder.QUARANTINE: (
        "quarantine, quarantined, held, 격리, 격리함, 隔离, 隔離, quarantäne, quarantaine, карантин, cuarentena"
    ),
    Folder.SPAM: (
        "spam, junk, junk e-mail, junk email, bulk mail, 스팸, 스팸함, 스팸편지함, 정크 메일, 垃圾邮件, 垃圾郵件,"
        " 迷惑メール, spamverdacht, courrier indésirable, indésirables, спам, correo no deseado"
    ),
    Folder.SENT: (
        "sent, sent items, sent mail, sent messages, 보낸편지함, 보낸 편지함, 已发送, 寄件備份, 送信済み,"
        " 送信済みアイテム, gesendet, gesendete elemente, envoyés, éléments envoyés, отправленные, enviados"
    ),
    Folder.REPORTS: "reports, report, reported, abuse, 신고, 신고함, 举报, 報告, 通報, meldungen, signalements",
    Folder.INBOX: (
        "inbox, 받은편지함, 받은 편지함, 收件箱, 收件匣, 受信トレイ, 受信箱, posteingang, boîte de réception,"
        " входящие, bandeja de entrada"
    ),
}
_FOLDER_OF = {name.strip(): folder for folder, names in _NAMES.items() for name in names.split(",")}
_SEPARATOR = re.compile(r"[/\\!:]")
_PIECE = re.compile(r"[\s._\-\[\]()]+")


def _of_names(names: Iterable[str]) -> Folder | None:
    for name in names:
        lowered = name.lower().strip()
        stem = lowered.removesuffix(".gz").rpartition(".")[0] or lowered
        for candidate in (lowered, stem, *_PIECE.split(stem)):
            if folder := _FOLDER_OF.get(candidate):
                return folder
    return None


def folder_of(ref: Ref, labels: Iterable[str]) -> Folder:
    """Tell the folder of a delivery.

    Args:
        ref: where the message lies; the innermost name on the path that is known decides.
        labels: what the container says (Gmail labels, Maildir folders, Outlook folders).

    Returns:
        The folder; ``inbox`` where nothing tells otherwise, since an export of "the mail" is an export of the inbox.
    """
    parts = [p for p in _SEPARATOR.split(f"{ref.source}!{ref.member or ''}") if p]
    return _of_names(labels) or _of_names(reversed(parts)) or Folder.INBOX
