"""HTML read once, for what a person can use in it: words, links, forms."""

from html.parser import HTMLParser

from aboard.sandbox.browser.forms import Button, Control, Form

_UNSEEN = frozenset({"script", "style", "template", "head"})
_BUTTONS = frozenset({"submit", "image"})
Attributes = dict[str, str | None]


class Markup(HTMLParser):
    """The parts of one page, in the order of the page."""

    def __init__(self) -> None:
        """Start before the first character."""
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._button: Attributes | None = None
        self._href: str | None = None
        self._label_for: str | None = None
        self._unseen = 0
        self._mark = 0
        self._labels: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the interesting elements begin."""
        open_element = getattr(self, "_open_" + tag, None)
        if open_element is not None:
            open_element(dict(attrs))
        elif tag in _UNSEEN:
            self._unseen += 1

    def handle_endtag(self, tag: str) -> None:
        """Note where they end."""
        close_element = getattr(self, "_close_" + tag, None)
        if close_element is not None:
            close_element()
        elif tag in _UNSEEN and self._unseen:
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        """Collect the words."""
        if not self._unseen:
            self.words.append(data)
        elif self._mark < 0:
            self.title += data

    def _since_mark(self) -> str:
        return " ".join("".join(self.words[self._mark :]).split())

    def _open_title(self, _: Attributes) -> None:
        self._mark = -1
        self._unseen += 1

    def _close_title(self) -> None:
        self.title = " ".join(self.title.split())
        self._mark = 0
        self._unseen -= 1

    def _open_a(self, attributes: Attributes) -> None:
        self._href = attributes.get("href")
        self._mark = len(self.words)

    def _close_a(self) -> None:
        if self._href is not None:
            self.links.append((self._href, self._since_mark()))
            self._href = None

    def _open_form(self, attributes: Attributes) -> None:
        self._form = Form(
            action=attributes.get("action") or "",
            method=(attributes.get("method") or "get").upper(),
            name=attributes.get("name") or "",
            element_id=attributes.get("id") or "",
        )
        self.forms.append(self._form)

    def _close_form(self) -> None:
        if self._form is not None:
            for control in self._form.controls:
                control.label = self._labels.get(control.element_id, control.label)
            _share_radio_options(self._form)
            self._form = None

    def _open_label(self, attributes: Attributes) -> None:
        self._label_for = attributes.get("for")
        self._mark = len(self.words)

    def _close_label(self) -> None:
        if self._label_for:
            self._labels[self._label_for] = self._since_mark()
        self._label_for = None

    def _open_input(self, attributes: Attributes) -> None:
        kind = (attributes.get("type") or "text").lower()
        if kind in _BUTTONS:
            self._add_button(attributes, attributes.get("value") or "Submit")
        elif kind not in {"button", "reset"}:
            value = attributes.get("value")
            ticked = kind in {"checkbox", "radio"} and value is None
            self._add_control(attributes, kind, "on" if ticked else value or "")

    def _open_textarea(self, attributes: Attributes) -> None:
        self._add_control(attributes, "textarea", "")
        self._mark = len(self.words)

    def _close_textarea(self) -> None:
        if self._form is not None and self._form.controls:
            control = self._form.controls[-1]
            control.value = "".join(self.words[self._mark :]).removeprefix("\n")

    def _open_select(self, attributes: Attributes) -> None:
        self._select = self._add_control(attributes, "select", "")

    def _open_option(self, attributes: Attributes) -> None:
        self._close_option()
        if self._select is not None:
            self._mark = len(self.words)
            value = attributes.get("value")
            self._select.options.append((value if value is not None else "\0", "\0"))
            if "selected" in attributes:
                self._select.chosen.append(str(len(self._select.options) - 1))

    def _close_option(self) -> None:
        if self._select is not None and self._select.options:
            value, text = self._select.options[-1]
            if text == "\0":
                text = self._since_mark()
                self._select.options[-1] = (text if value == "\0" else value, text)

    def _close_select(self) -> None:
        self._close_option()
        select, self._select = self._select, None
        if select is None:
            return
        if not select.chosen and select.options and not select.is_multiple:
            select.chosen = ["0"]
        select.chosen = [select.options[int(place)][0] for place in select.chosen]
        select.value = select.chosen[-1] if select.chosen else ""

    def _open_button(self, attributes: Attributes) -> None:
        self._button = attributes
        self._mark = len(self.words)

    def _close_button(self) -> None:
        attributes, self._button = self._button, None
        if attributes is not None and attributes.get("type") not in {"button", "reset"}:
            self._add_button(attributes, self._since_mark())

    def _add_button(self, attributes: Attributes, text: str) -> None:
        if self._form is not None and "disabled" not in attributes:
            button = Button(
                name=attributes.get("name") or "",
                value=attributes.get("value") or "",
                text=text,
                action=attributes.get("formaction") or "",
            )
            self._form.buttons.append(button)

    def _add_control(self, attributes: Attributes, kind: str, value: str) -> Control:
        control = Control(
            name=attributes.get("name") or "",
            kind=kind,
            value=value,
            element_id=attributes.get("id") or "",
            described_by=attributes.get("aria-describedby") or "",
            is_checked="checked" in attributes,
            is_required="required" in attributes,
            is_invalid=attributes.get("aria-invalid") == "true",
            is_multiple="multiple" in attributes,
        )
        if self._form is not None and control.name and "disabled" not in attributes:
            self._form.controls.append(control)
        return control


def _share_radio_options(form: Form) -> None:
    groups: dict[str, list[tuple[str, str]]] = {}
    for control in form.controls:
        if control.kind == "radio":
            control.options = groups.setdefault(control.name, [])
            control.options.append((control.value, control.label))


def read_markup(html: str) -> Markup:
    """Read one page; broken markup gives what could be read of it."""
    markup = Markup()
    markup.feed(html)
    markup.close()
    return markup
