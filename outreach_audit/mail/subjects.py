"""What the prefix of a subject says: an answer, or a message handed on."""

from outreach_audit.mail import markers


def is_forward_subject(subject: str) -> bool:
    """Whether the subject begins with a forward prefix (FW:, WG:, 전달:, 转发:, …); tags in brackets do not count."""
    return markers.subject_prefix(subject) == "forward"


def is_reply_subject(subject: str) -> bool:
    """Whether the subject begins with a reply prefix (RE:, AW:, 답장:, 回复:, …); tags in brackets do not count."""
    return markers.subject_prefix(subject) == "reply"
