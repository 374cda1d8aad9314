"""The codes of docs/definitions.md: the values that appear in data, once and for all stages."""

from enum import StrEnum


class Label(StrEnum):
    """What a message is (definitions, section 2)."""

    APPROACH = "approach"
    UNCLEAR = "unclear"
    ADVERT = "advert"
    OTHER = "other"


class Kind(StrEnum):
    """What is offered to, or asked of, the reader."""

    RESEARCH_POST = "research_post"
    TALENT_FUND = "talent_fund"
    SHORT_TERM = "short_term"
    CONSULTING = "consulting"
    TEACHING = "teaching"
    DUAL_AFFILIATION = "dual_affiliation"
    VENTURE = "venture"
    RECRUITMENT_EVENT = "recruitment_event"
    EXPERT_NETWORK = "expert_network"
    JOINT_LAB = "joint_lab"
    HONORIFIC = "honorific"
    REFERRAL = "referral"


class SenderType(StrEnum):
    """What sort of organisation or person writes."""

    PROGRAMME_OFFICE = "programme_office"
    LOCAL_TALENT_OFFICE = "local_talent_office"
    UNIVERSITY = "university"
    ACADEMIC = "academic"
    AGENCY = "agency"
    COMPANY = "company"
    ASSOCIATION = "association"
    EVENT = "event"
    PLATFORM = "platform"
    HOME_INSTITUTE = "home_institute"
    PRESS = "press"
    GOVERNMENT = "government"
    STUDENT = "student"
    UNKNOWN = "unknown"


class Trap(StrEnum):
    """What looks like an approach and is not."""

    INCOMING_SCHOLAR = "incoming_scholar"
    JOB_LIST = "job_list"
    CFP = "cfp"
    INVITED_TALK = "invited_talk"
    COLLABORATION = "collaboration"
    SIGNATURE = "signature"
    WARNING = "warning"
    PRESS = "press"
    HOME_RECRUITING = "home_recruiting"
    VISA_MARKETING = "visa_marketing"
    TITLE_SELLER = "title_seller"
    FRAUD = "fraud"
    TASK_WORK = "task_work"
    VENDOR = "vendor"
    FUNDING_HOME = "funding_home"
    ORDINARY = "ordinary"


class Cue(StrEnum):
    """A condition worth showing, observed in the text (definitions, section 3)."""

    PAY_FIGURE = "pay_figure"
    STARTUP_FUNDING = "startup_funding"
    HOUSING = "housing"
    FAMILY_BENEFITS = "family_benefits"
    VISA_HELP = "visa_help"
    TITLE_CONFERRED = "title_conferred"
    ELIGIBILITY_BLOCK = "eligibility_block"
    DEADLINE = "deadline"
    CV_REQUESTED = "cv_requested"
    IDENTITY_DOCUMENTS_REQUESTED = "identity_documents_requested"
    APPLY_THROUGH_HOST = "apply_through_host"
    PART_TIME_ALLOWED = "part_time_allowed"
    KEEP_CURRENT_POST = "keep_current_post"
    MINIMUM_STAY = "minimum_stay"
    BRING_TEAM = "bring_team"
    RECRUIT_OTHERS = "recruit_others"
    BRING_TECHNOLOGY = "bring_technology"
    CONFIDENTIALITY = "confidentiality"
    OFF_MAIL_CONTACT = "off_mail_contact"
    NAMED_PROGRAMME = "named_programme"
    KNOWN_TEMPLATE = "known_template"
    TRACKING_LINKS = "tracking_links"
    REPLY_TO_DIFFERS = "reply_to_differs"
    BULK_SENDER = "bulk_sender"


class Folder(StrEnum):
    """Where in the mail system the delivery lay."""

    INBOX = "inbox"
    SPAM = "spam"
    QUARANTINE = "quarantine"
    SENT = "sent"
    REPORTS = "reports"
    OTHER = "other"


class Reading(StrEnum):
    """How much of a message could be read; every message found has exactly one."""

    READ = "read"
    READ_WITH_DEFECTS = "read_with_defects"
    PARTLY_READ = "partly_read"
    UNREADABLE = "unreadable"


class Via(StrEnum):
    """Whether the assessed message came directly or through a colleague's report."""

    DIRECT = "direct"
    REPORT = "report"


class Unit(StrEnum):
    """What is counted; figures of different units are never added (definitions, section 1)."""

    DELIVERY = "delivery"
    MESSAGE = "message"
    RECIPIENT = "recipient"
    APPROACH = "approach"
    CAMPAIGN = "campaign"
    REPORT = "report"
    STAFF = "staff"
    RECIPIENT_RATE = "recipient_per_1000_staff"
    APPROACH_RATE = "approach_per_1000_staff"
