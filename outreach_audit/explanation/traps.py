"""The look-alikes of docs/definitions.md: what each is, and what tells it apart from an approach."""

from outreach_audit.codes import Trap

TRAPS: dict[Trap, tuple[str, str]] = {
    Trap.INCOMING_SCHOLAR: (
        "student, postdoc or visiting scholar wants to come",
        "the writer moves; own CV; asks for an invitation letter",
    ),
    Trap.JOB_LIST: ("list or digest of adverts", "List-Id, many employers (→ advert)"),
    Trap.CFP: (
        "call for papers, journal, editorial board, special issue, conference",
        "asks for manuscript, fee, attendance",
    ),
    Trap.INVITED_TALK: (
        "genuine seminar, summer school, conference invitation",
        "named host and programme, no post, no pay beyond travel",
    ),
    Trap.COLLABORATION: (
        "running co-operation, co-authors, visitor logistics, visa papers",
        "existing thread, project name",
    ),
    Trap.SIGNATURE: ("programme title in a signature, biography, acknowledgment", "third person, no offer"),
    Trap.WARNING: ("security warning, circular, training", "own or governmental sender; report, disclose"),
    Trap.PRESS: ("newsletter or article about talent programmes", "third person, many topics"),
    Trap.HOME_RECRUITING: (
        (
            "own institute's recruiting and internal notices about it (another home organisation's recruiting is an"
            " approach with foreign: false)"
        ),
        "the reader's own organisation",
    ),
    Trap.VISA_MARKETING: ("immigration lawyers, citation flattery", "sells a service to the reader"),
    Trap.TITLE_SELLER: ("academies, awards, rankings that charge", "reader pays"),
    Trap.FRAUD: ("job fraud, credential phishing", "fee, password, mule work"),
    Trap.TASK_WORK: ("data annotation, editing, reviewing for pay, paper mills", "piece work, not a post"),
    Trap.VENDOR: ("instrument and service sales with travel or prizes", "sells"),
    Trap.FUNDING_HOME: ("calls by home or supranational funders to the reader's institute", "reader stays"),
    Trap.ORDINARY: ("everything else", ""),
}
