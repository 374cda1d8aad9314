"""The terminal interface of ``review``: one card after the other, one key for each decision (extra ``tui``)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from outreach_audit.codes import Kind
from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import Decision, Opinion, decisions_of
from outreach_audit.report.safe import rich_text
from outreach_audit.review import cards
from outreach_audit.review.deciding import decide, last_on, undo
from outreach_audit.review.items import Item
from outreach_audit.review.settle import standing
from outreach_audit.review.source import Reread

_WIDE = 110
_MARKS = {Opinion.CONFIRM: "✓", Opinion.REJECT: "✗", Opinion.UNSURE: "?"}
_MOST_LINES = 400


class _Asked(ModalScreen[str | None]):
    """One line asked of the reviewer; None where they thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "cancel")]

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__()
        self._question, self._value = question, value

    def compose(self) -> ComposeResult:
        """The question and a field."""
        with Vertical(classes="asked"):
            yield Static(rich_text(f"{self._question} (Enter: keep, Esc: cancel)"))
            yield Input(self._value, id="answer")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The answer."""
        self.dismiss(event.value)


class _Kinds(ModalScreen[str | None]):
    """The kinds of offer to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "cancel")]

    def compose(self) -> ComposeResult:
        """The question and the kinds."""
        with Vertical(classes="asked"):
            yield Static(rich_text("What is offered? (Enter: choose, Esc: cancel)"))
            yield OptionList(*(Option(kind.value.replace("_", " "), id=kind.value) for kind in Kind))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The kind chosen."""
        self.dismiss(event.option.id)


class ReviewApp(App[None]):
    """Shows items one by one and stores what is decided at once: leaving loses nothing."""

    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - Textual declares it so
    CSS = """
    #bar, #status { height: 1; padding: 0 1; text-style: bold; background: $panel; }
    #items { width: 46; height: 1fr; border: none; text-wrap: nowrap; text-overflow: ellipsis; }
    .-narrow #items { display: none; }
    #card { width: 1fr; height: 1fr; padding: 0 1; }
    _Asked, _Kinds { align: center middle; }
    .asked { width: 72; max-width: 95%; height: auto; max-height: 90%; padding: 1 2; }
    .asked { border: round $accent; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "decide('confirm')", "confirm"),
        Binding("r", "decide('reject')", "reject"),
        Binding("u", "decide('unsure')", "unsure"),
        Binding("k", "kind", "kind"),
        Binding("o", "country", "country"),
        Binding("n", "note", "note"),
        Binding("s,right", "move(1)", "skip", key_display="s"),
        Binding("b,left", "move(-1)", "back", key_display="b"),
        Binding("z", "undo", "undo"),
        Binding("q", "quit", "quit"),
        Binding("ctrl+q", "quit", "quit", show=False),
    ]

    def __init__(
        self,
        ledger: Ledger,
        items: Sequence[Item],
        reviewer: str,
        source: Callable[[Item], Reread | None],
        clock: Callable[[], datetime],
    ) -> None:
        """Prepare.

        Args:
            ledger: open for writing; decisions go there.
            items: what to show, at least one.
            reviewer: who decides; only their own decisions are shown, so that nobody is swayed.
            source: reads mail again of which the ledger keeps too little.
            clock: the moment, in UTC.
        """
        super().__init__()
        self._ledger, self._items, self._reviewer = ledger, items, reviewer
        self._source, self._clock = source, clock
        self._notes: dict[int, str] = {}
        self._made: list[int] = []
        known = [one for one in standing(decisions_of(ledger)) if one.reviewer == reviewer]
        self._decisions = [last_on(known, item, reviewer) for item in items]
        self._place = next((n for n, one in enumerate(self._decisions) if one is None), 0)

    def compose(self) -> ComposeResult:
        """Progress above, the list (where there is room) and the card, the decision and the keys below."""
        yield Static(id="bar")
        with Horizontal():
            listed = OptionList(*(self._listed(n) for n in range(len(self._items))), id="items")
            listed.can_focus = False
            yield listed
            with VerticalScroll(id="card"):
                yield Static(id="text")
        yield Static(id="status")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin with the first item that is not decided."""
        self.query_one("#card").focus()
        self._show()

    @on(OptionList.OptionSelected, "#items")
    def go_to(self, event: OptionList.OptionSelected) -> None:
        """An item was clicked."""
        self._place = event.option_index
        self._show()

    def action_move(self, by: int) -> None:
        """To the next or the former item, decided or not."""
        self._place = (self._place + by) % len(self._items)
        self._show()

    def action_decide(self, opinion: str) -> None:
        """Decide, and go on to the next item that is not decided."""
        before = self._decisions[self._place]
        corrected = before if before and opinion == Opinion.CONFIRM else None
        self._store(
            Opinion(opinion),
            kind=corrected.kind if corrected else None,
            country=corrected.country if corrected else None,
            advance=True,
        )

    def action_kind(self) -> None:
        """Say what is offered: that confirms."""
        self.push_screen(_Kinds(), self._take_kind)

    def action_country(self) -> None:
        """Say where the offer leads: that confirms."""
        before = self._decisions[self._place]
        value = before.country or "" if before else ""
        self.push_screen(
            _Asked("Country of destination: two letters, ZZ if it cannot be told", value), self._take_country
        )

    def action_note(self) -> None:
        """Note something."""
        self.push_screen(_Asked("Note", self._note_here()), self._take_note)

    def action_undo(self) -> None:
        """Take back the last decision made here, or else the one on this item."""
        if self._made:
            self._place = self._made.pop()
        item = self._items[self._place]
        try:
            undo(self._ledger, item, reviewer=self._reviewer, now=self._clock())
        except OutreachAuditError as error:
            self._tell(error)
            return
        self._reload()

    def _take_kind(self, kind: str | None) -> None:
        before = self._decisions[self._place]
        if kind:
            self._store(Opinion.CONFIRM, kind=Kind(kind), country=before.country if before else None)

    def _take_country(self, country: str | None) -> None:
        before = self._decisions[self._place]
        if country:
            self._store(Opinion.CONFIRM, kind=before.kind if before else None, country=country)

    def _take_note(self, note: str | None) -> None:
        if note is None:
            return
        self._notes[self._place] = note
        before = self._decisions[self._place]
        if before:
            self._store(before.opinion, kind=before.kind, country=before.country)
        else:
            self._show()

    def _note_here(self) -> str:
        before = self._decisions[self._place]
        return self._notes.get(self._place, before.note if before else "")

    def _store(self, opinion: Opinion, *, kind: Kind | None, country: str | None, advance: bool = False) -> None:
        try:
            decide(
                self._ledger, self._items[self._place], opinion, reviewer=self._reviewer, now=self._clock(),
                kind=kind, country=country, note=self._note_here(),
            )  # fmt: skip
        except OutreachAuditError as error:
            self._tell(error)
            return
        self._made.append(self._place)
        self._reload(advance=advance)

    def _reload(self, *, advance: bool = False) -> None:
        """What holds now on this item, then the next one that is not decided."""
        item = self._items[self._place]
        known = standing(decisions_of(self._ledger))
        self._decisions[self._place] = last_on(known, item, self._reviewer)
        self._notes.pop(self._place, None)
        listed = self.query_one("#items", OptionList)
        listed.replace_option_prompt_at_index(self._place, self._listed(self._place))
        if advance:
            after = [*range(self._place + 1, len(self._items)), *range(self._place)]
            self._place = next((n for n in after if self._decisions[n] is None), self._place)
        self._show()

    def _tell(self, error: OutreachAuditError) -> None:
        self.query_one("#status", Static).update(rich_text(str(error), "bold red"))

    def _listed(self, place: int) -> Text:
        item, decision = self._items[place], self._decisions[place]
        mark = _MARKS[decision.opinion] if decision else "·"
        subject = cards.subject_of(item) or f"({item.shown.attribution.sender_domain or 'unknown sender'})"
        return Text(f"{mark} {len(item.records):>4} ").append_text(rich_text(subject))

    def _show(self) -> None:
        """Draw the item again."""
        item, decision = self._items[self._place], self._decisions[self._place]
        done = sum(one is not None for one in self._decisions)
        self.query_one("#bar", Static).update(
            rich_text(f"{self._place + 1} of {len(self._items)} · {done} reviewed by {self._reviewer}")
        )
        self.query_one("#text", Static).update(self._card(item))
        self.query_one("#card", VerticalScroll).scroll_home(animate=False)
        self.query_one("#status", Static).update(rich_text(self._said(decision)))
        self.query_one("#items", OptionList).highlighted = self._place

    def _said(self, decision: Decision | None) -> str:
        note = self._notes.get(self._place)
        question = "Is this an approach to its reader? c yes, r no, u cannot tell"
        return f"{cards.decision_line(decision) if decision else question}{f' · note: {note}' if note else ''}"

    def _card(self, item: Item) -> Text:
        try:
            again = self._source(item)
        except OutreachAuditError as error:
            again = Reread(fault=str(error))
        lines = [rich_text(cards.title(item), "dim"), *(rich_text(*line) for line in cards.head(item, again))]
        if again and again.fault:
            lines.append(rich_text(f"not reviewable: {again.fault}", "bold red"))
            lines.append(
                rich_text("If it cannot be found, press u: it then counts as looked at and not decided.", "dim")
            )
        quoted = [Text().join(rich_text(*part) for part in parts) for parts in cards.evidence(item)]
        if quoted:
            lines += [Text(), Text("Evidence", "bold"), *quoted]
        text = cards.text_of(item, again).splitlines()
        if text:
            lines += [Text(), Text("Text", "bold"), *map(rich_text, text[:_MOST_LINES])]
        return Text("\n").join(lines)
