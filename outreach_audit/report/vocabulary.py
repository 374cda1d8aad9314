"""The English words of codes, columns, sections, tables and notes, marked for the catalogues (`words` shows them)."""

from outreach_audit.codes import Unit
from outreach_audit.tally import Column, Section


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a text for the catalogues; it is translated where it is shown."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as above
    """Marks a text with a number, ``{n}``, in singular and plural."""
    return one, many


WITHHELD = ".."
"""What stands for a withheld figure; the same for a small one and for one that would give a small one away."""

AT_LEAST = "≥ "
"""What stands before a sum of which parts are withheld."""

COUNTED = {
    Unit.DELIVERY: NN_("{n} delivery", "{n} deliveries"),
    Unit.MESSAGE: NN_("{n} message", "{n} messages"),
    Unit.RECIPIENT: NN_("{n} recipient", "{n} recipients"),
    Unit.APPROACH: NN_("{n} approach", "{n} approaches"),
    Unit.CAMPAIGN: NN_("{n} campaign", "{n} campaigns"),
    Unit.REPORT: NN_("{n} report", "{n} reports"),
    Unit.STAFF: NN_("{n} member of staff", "{n} members of staff"),
    Unit.RECIPIENT_RATE: NN_("{n} recipient of 1,000 staff", "{n} recipients of 1,000 staff"),
    Unit.APPROACH_RATE: NN_("{n} approach to 1,000 staff", "{n} approaches to 1,000 staff"),
}
"""Figures with their units."""

HEADS = {
    Column.DELIVERIES: N_("deliveries"),
    Column.MESSAGES: N_("messages"),
    Column.RECIPIENTS: N_("recipients"),
    Column.APPROACHES: N_("approaches"),
    Column.CAMPAIGNS: N_("campaigns"),
    Column.REPORTS: N_("reports"),
    Column.REPORTS_RECEIVED: N_("reports received"),
    Column.FOUND: N_("copies found"),
    Column.JUDGED_APPROACH: N_("judged approach"),
    Column.JUDGED_UNCLEAR: N_("judged unclear"),
    Column.JUDGED_OTHER: N_("judged other"),
    Column.STAFF: N_("staff"),
    Column.RECIPIENTS_RATE: N_("recipients of 1,000 staff"),
    Column.APPROACHES_RATE: N_("approaches to 1,000 staff"),
}
BROKEN_HEADS = {
    Column.DELIVERIES: N_("deliv-\neries"),
    Column.MESSAGES: N_("mes-\nsages"),
    Column.RECIPIENTS: N_("recip-\nients"),
    Column.APPROACHES: N_("appro-\naches"),
    Column.CAMPAIGNS: N_("cam-\npaigns"),
    Column.REPORTS: N_("reports\n"),
    Column.REPORTS_RECEIVED: N_("reports\nreceived"),
    Column.FOUND: N_("copies\nfound"),
    Column.JUDGED_APPROACH: N_("judged\napproach"),
    Column.JUDGED_UNCLEAR: N_("judged\nunclear"),
    Column.JUDGED_OTHER: N_("judged\nother"),
    Column.STAFF: N_("staff\n"),
    Column.RECIPIENTS_RATE: N_("recipients\nof 1,000 staff"),
    Column.APPROACHES_RATE: N_("approaches\nto 1,000 staff"),
}
"""The same words, set in two lines where the page is narrow."""

MEANINGS = {
    Column.DELIVERIES: N_("copies in mailboxes: one message in one mailbox is one delivery"),
    Column.MESSAGES: N_("different mails: one mail sent to 30 persons is 30 deliveries and 1 message"),
    Column.RECIPIENTS: N_("different persons approached"),
    Column.APPROACHES: N_("different pairs of campaign and recipient: reminders and second copies are no new approach"),
    Column.CAMPAIGNS: N_("templates from which messages were built, whatever the sender address"),
    Column.REPORTS: N_("approaches known only because a member of staff reported them; in no other column"),
    Column.REPORTS_RECEIVED: N_("all reports of approaches, also of those that were found in a mailbox"),
    Column.FOUND: N_("messages found in the files, second copies of one delivery included"),
    Column.JUDGED_APPROACH: N_("of these deliveries those judged approach"),
    Column.JUDGED_UNCLEAR: N_("of these deliveries those judged unclear"),
    Column.JUDGED_OTHER: N_("of these deliveries all others, adverts among them"),
    Column.STAFF: N_("persons of the staff, as the roster gives their number"),
    Column.RECIPIENTS_RATE: N_("different persons approached of 1,000 persons of the staff"),
    Column.APPROACHES_RATE: N_("approaches to 1,000 persons of the staff"),
}
SHORT_MEANINGS = {
    Column.DELIVERIES: N_("copies in mailboxes"),
    Column.MESSAGES: N_("different mails"),
    Column.RECIPIENTS: N_("different persons"),
    Column.APPROACHES: N_("pairs of campaign and recipient"),
    Column.CAMPAIGNS: N_("templates"),
    Column.REPORTS: N_("approaches known only from a report by staff"),
    Column.REPORTS_RECEIVED: N_("all reports by staff"),
    Column.FOUND: N_("copies in the files"),
}

SECTIONS = {
    Section.FOREIGN: N_("Foreign"),
    Section.DOMESTIC: N_("Domestic"),
    Section.UNDETERMINED: N_("Undetermined"),
    Section.ALL: N_("All mail"),
}
SECTION_TOTALS = {
    Section.FOREIGN: N_("total, foreign"),
    Section.DOMESTIC: N_("total, domestic"),
    Section.UNDETERMINED: N_("total, undetermined"),
    Section.ALL: N_("total"),
}
SECTION_MEANINGS = {
    Section.FOREIGN: N_("the offer leads to another country than the institute's own"),
    Section.DOMESTIC: N_("other organisations of the home country recruit"),
    Section.UNDETERMINED: N_("the mail does not tell to which country the offer leads"),
    Section.ALL: N_("not divided by country"),
}

DIMENSIONS = {
    "institute": N_("institute"),
    "month": N_("month"),
    "kind": N_("kind of offer"),
    "dest_country": N_("destination"),
    "campaign": N_("campaign"),
    "sender_domain": N_("sender domain"),
    "folder": N_("folder"),
    "verdict": N_("verdict"),
    "reading": N_("reading"),
    "template": N_("template"),
    "indicator": N_("indicator"),
    "suppression": N_("suppression"),
    "sender_type": N_("type of sender"),
    "grade": N_("how sure the country is"),
    "staff_group": N_("staff group"),
    "age_band": N_("age band"),
}

LABELS = {
    "kind": {
        "research_post": N_("Research or professorial post"),
        "talent_fund": N_("Talent programme or fund"),
        "short_term": N_("Visit or short project"),
        "consulting": N_("Consulting or advising"),
        "teaching": N_("Teaching"),
        "dual_affiliation": N_("Second affiliation"),
        "venture": N_("Venture or technology park"),
        "recruitment_event": N_("Recruitment event"),
        "expert_network": N_("Paid interviews"),
        "joint_lab": N_("Joint laboratory"),
        "honorific": N_("Title or academy membership"),
        "referral": N_("Recommending others"),
    },
    "sender_type": {
        "programme_office": N_("National programme office"),
        "local_talent_office": N_("Talent office of a province, city or park"),
        "university": N_("University or public research institute"),
        "academic": N_("Individual scholar"),
        "agency": N_("Recruiting agency"),
        "company": N_("Company"),
        "association": N_("Association"),
        "event": N_("Organiser of an event"),
        "platform": N_("Platform"),
        "home_institute": N_("The institute itself"),
        "press": N_("Press"),
        "government": N_("Public authority"),
        "student": N_("Student"),
        "unknown": N_("Not known"),
    },
    "grade": {
        "strong": N_("Strong ground"),
        "medium": N_("Medium ground"),
        "weak": N_("Weak ground"),
        "none": N_("No ground"),
        "reviewed": N_("Named by a reviewer"),
    },
    "template": {
        "known": N_("Known from a watchlist"),
        "new": N_("New"),
    },
    "folder": {
        "inbox": N_("Inbox"),
        "spam": N_("Spam"),
        "quarantine": N_("Quarantine"),
        "sent": N_("Sent"),
        "reports": N_("Reports by staff"),
        "other": N_("Other folders"),
    },
    "verdict": {
        "approach": N_("Approach"),
        "unclear": N_("Unclear: a person should look"),
        "advert": N_("Advertisement to many"),
        "other": N_("Other mail"),
    },
    "reading": {
        "read": N_("Read"),
        "read_with_defects": N_("Read with defects"),
        "partly_read": N_("Partly read"),
        "unreadable": N_("Unreadable"),
    },
}
SPECIAL = {
    "not_known": N_("Not known"),
    "undated": N_("No usable date"),
    "total": N_("Total"),
    "ZZ": N_("Not determined"),
}
DATE_BASES = {"received": N_("received date"), "header": N_("header date")}

TITLES = (
    N_("Approaches by institute"),
    N_("Approaches by month"),
    N_("Approaches by kind of offer"),
    N_("Approaches by country of destination"),
    N_("Approaches by campaign"),
    N_("Approaches by domain of the sender"),
    N_("Approaches by folder"),
    N_("Approaches by known or new template"),
    N_("Approaches by type of sender"),
    N_("Approaches by how sure the country is"),
    N_("Approaches by staff group"),
    N_("Approaches by age band"),
    N_("Persons approached of the staff, by institute"),
    N_("Persons approached of the staff, by staff group"),
    N_("All mail by verdict"),
    N_("Messages found in the files, by how far they could be read"),
    N_("Findings suppressed by packs"),
)
"""The titles that tables come with."""

NOTES = (
    N_("{0} records of approaches, of all dates, are suppressed and stand in a table of their own."),
    N_("{0} records of approaches have no usable date and stand in no period."),
    N_("{0} records of approaches were found in more than one place and are counted once."),
    N_("{0} messages have not been compared with others: each counts as a campaign of its own."),
    N_("{0} records of approaches name no recipient and count as one recipient."),
    N_("{0} rejected on review: judged approaches by the program, not counted here."),
    N_("{0} confirmed on review: approaches that the program had not judged so, counted here."),
    N_("{0} disputed: reviewers disagree, counted as the program judged."),
    N_(
        "Estimated from a random sample of {0} of {1} deliveries, all of it reviewed; intervals of {2} %, method in"
        " docs/review.md."
    ),
    N_("Not estimated: the mail has changed since the sample was drawn; draw it again."),
    N_("Not estimated: {0} of the sample of {1} deliveries are not reviewed yet."),
    N_("Of all dates; second copies and the outer mails of reports are among them."),
    N_("Hits are told whatever the verdict, and change none. One delivery may hit several indicators."),
    N_("These findings are in no table of approaches; the table of verdicts counts them."),
    N_("{0} of these suppressions have expired and do not apply."),
    N_("Rates are of {0} staff, rounded; a headcount is of the institute as a whole where the roster gives one."),
    N_("{0} recipients belong to no group of known headcount and are in no rate."),
)
"""The notes that tables come with; numbers in them are places."""

COUNTRIES = (N_("Hong Kong"), N_("Macao"))
"""English names of countries and territories that a catalogue translates itself, where CLDR is too long for a table."""

LEFT_OUT = (
    N_("figures of the period before"),
    N_("reasons for which files were left aside"),
    N_("domains and signatures of senders"),
    N_("subjects"),
    N_("entries of suppressions"),
    N_("campaigns of which figures are withheld"),
    N_("notes with figures"),
)
"""What publications leave out, as `exchange.LeftOut` has it."""
