"""Mail objects from labelled specimens (fields as in the labelled mail), without the parser."""

import html
import re

from outreach_audit.mail.model import Address, Attachment, Link, Mail, Scope, Text

_TAGS = re.compile(r"(?s)<(?:style|head)\b.*?</(?:style|head)>|<!--.*?-->")
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/td|/h\d)\b[^>]*>")
_HREF = re.compile(r"""https?://([^/\s"'<>)\]]+)[^\s"'<>)\]]*""")
_FORWARD = re.compile(r"(?m)^[> ]*(?:-{4,}.*|发件人:.*|在 .{10,80}写道:)$|^On .{10,80} wrote:$")
_FIELD = re.compile(r"^[> ]*(From|De|Von|보낸 사람|발신|差出人|发件人|От кого)\s?: *(.*)$", re.MULTILINE)


def text_of(specimen: dict) -> str:
    """The body as text."""
    if specimen.get("text"):
        return specimen["text"]
    source = _TAGS.sub(" ", specimen.get("html") or "").replace("\n", " ")
    return html.unescape(re.sub(r"<[^>]+>", " ", _BREAKS.sub("\n", source)))


def mail_of(specimen: dict) -> Mail:
    """The message that is assessed: the forwarded one where the specimen is a report."""
    if specimen.get("forwarded"):
        return _mail(specimen["forwarded"], text_of(specimen["forwarded"]))
    body = text_of(specimen)
    if specimen["label"]["via"] == "report":
        return _inner(specimen, body)
    return _mail(specimen, _FORWARD.split(body, maxsplit=1)[0])


def _mail(specimen: dict, body: str) -> Mail:
    reply = specimen.get("reply_to")
    source = f"{specimen.get('text') or ''} {specimen.get('html') or ''}"
    attached = specimen.get("attachments") or []
    headers = [
        (name.lower(), str(value))
        for name, values in (specimen.get("headers") or {}).items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return Mail(
        subject=specimen["subject"],
        sender=Address(specimen.get("from_name") or "", specimen["from_addr"].lower()),
        reply_to=(Address("", reply if isinstance(reply, str) else reply[1]),) if reply else (),
        to=tuple(Address(name or "", address) for name, address in specimen.get("to") or []),
        headers=tuple(headers),
        texts=(
            Text(Scope.SUBJECT, specimen["subject"]),
            Text(Scope.BODY, body),
            *(Text(Scope.ATTACHMENT, part["text"], part["name"]) for part in attached if part["kind"] != "eml"),
        ),
        links=tuple(Link(found.group(), found.group(1).lower()) for found in _HREF.finditer(source)),
        attachments=tuple(Attachment(part["name"], "application/octet-stream", 0, "text") for part in attached),
    )


def _inner(specimen: dict, body: str) -> Mail:
    field = _FIELD.search(body)
    assert field is not None, specimen["id"]
    address = re.search(r"[\w.+-]+@[\w.-]+", field.group(2))
    name = field.group(2).partition("<")[0].strip(' "')
    inner = re.sub(r"(?m)^> ?", "", body[field.end() :])
    return _mail({**specimen, "from_name": name, "from_addr": address.group() if address else ""}, inner)


def reader_domain(specimen: dict) -> str:
    """The mail domain of the reader's institute."""
    return specimen["to"][0][1].rpartition("@")[2]
