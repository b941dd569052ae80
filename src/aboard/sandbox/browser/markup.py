"""HTML read once, for what a person can use in it: words, links, forms.

Reads tags with one regular expression instead of the standard library's parser, which would take
half the time of a whole onboarding journey; a test holds the two against each other.
"""

import re
from html import unescape

from aboard.sandbox.browser.forms import Button, Control, Form

_TOKEN = re.compile(
    r"""<(?:!--.*?-->|[!?][^>]*+>|(/?)([a-zA-Z][^\s/>]*+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>)""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_RAW = {
    tag: re.compile(rf"</{tag}[\s/>]", re.IGNORECASE)
    for tag in ("script", "style", "textarea", "title")
}
_UNSEEN = frozenset({"script", "style", "template"})
_INLINE = frozenset(
    ["a", "abbr", "b", "code", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"]
)
_BUTTONS = frozenset({"submit", "image"})
Attributes = dict[str, str]


class Markup:
    """The parts of one page, in the order of the page."""

    def __init__(self) -> None:
        """Start before the first character."""
        self.title = ""
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._option: str | None = None
        self._button: Attributes | None = None
        self._href: str | None = None
        self._label_for: str | None = None
        self._unseen = 0
        self._mark = 0
        self._labels: dict[str, str] = {}

    def read(self, html: str) -> None:
        """Go through the page once."""
        place = 0
        end = len(html)
        find = _TOKEN.search
        while token := find(html, place):
            self._take_text(html, place, token.start())
            place = token.end()
            tag = token[2]
            if tag is None:
                continue
            tag = tag.lower()
            if tag not in _INLINE:
                self.words.append(" ")
            if token[1]:
                self._close(tag)
                continue
            self._open(tag, token[3])
            if tag in _RAW:
                closing = _RAW[tag].search(html, place)
                stop = end if closing is None else closing.start()
                self._take_raw(tag, html[place:stop])
                place = stop
        self._take_text(html, place, end)
        self.close_form()

    def _take_text(self, html: str, start: int, stop: int) -> None:
        if start < stop and not self._unseen:
            text = html[start:stop]
            self.words.append(unescape(text) if "&" in text else text)

    def _take_raw(self, tag: str, text: str) -> None:
        if tag == "title" and not self.title:
            self.title = " ".join(unescape(text).split())
        elif tag == "textarea" and self._form is not None and self._form.controls:
            text = unescape(text)
            self._form.controls[-1].value = text.removeprefix("\r").removeprefix("\n")
            self.words.append(text)

    def _open(self, tag: str, text: str) -> None:
        open_element = _OPENERS.get(tag)
        if open_element is not None:
            open_element(self, _attributes(text))
        elif tag in _UNSEEN:
            self._unseen += 1

    def _close(self, tag: str) -> None:
        close_element = _CLOSERS.get(tag)
        if close_element is not None:
            close_element(self)
        elif tag in _UNSEEN and self._unseen:
            self._unseen -= 1

    def _since_mark(self) -> str:
        return " ".join("".join(self.words[self._mark :]).split())

    def open_a(self, attributes: Attributes) -> None:
        """Note where a link leads."""
        self._href = attributes.get("href")
        self._mark = len(self.words)

    def close_a(self) -> None:
        """Keep the link with its words."""
        if self._href is not None:
            self.links.append((self._href, self._since_mark()))
            self._href = None

    def open_form(self, attributes: Attributes) -> None:
        """Begin a form."""
        self._form = Form(
            action=attributes.get("action", ""),
            method=attributes.get("method", "get").upper(),
            name=attributes.get("name", ""),
            element_id=attributes.get("id", ""),
        )
        self.forms.append(self._form)

    def close_form(self) -> None:
        """End a form: its labels are known now."""
        if self._form is not None:
            for control in self._form.controls:
                control.label = self._labels.get(control.element_id, control.label)
            _share_radio_options(self._form)
            self._form = None

    def open_label(self, attributes: Attributes) -> None:
        """Note whose label begins."""
        self._label_for = attributes.get("for")
        self._mark = len(self.words)

    def close_label(self) -> None:
        """Keep the label's words."""
        if self._label_for:
            self._labels[self._label_for] = self._since_mark()
        self._label_for = None

    def open_input(self, attributes: Attributes) -> None:
        """Take a field or a button."""
        kind = attributes.get("type", "text").lower()
        if kind in _BUTTONS:
            self._add_button(attributes, attributes.get("value") or "Submit")
        elif kind not in {"button", "reset"}:
            is_box = kind in {"checkbox", "radio"}
            self._add_control(attributes, kind, attributes.get("value", "on" if is_box else ""))

    def open_textarea(self, attributes: Attributes) -> None:
        """Take a field whose value is its content."""
        self._add_control(attributes, "textarea", "")

    def open_select(self, attributes: Attributes) -> None:
        """Take a choice."""
        self._select = self._add_control(attributes, "select", "")

    def open_option(self, attributes: Attributes) -> None:
        """Begin one option of a choice."""
        self.close_option()
        if self._select is not None:
            self._mark = len(self.words)
            self._option = attributes.get("value", "\0")
            if "selected" in attributes:
                self._select.chosen.append(str(len(self._select.options)))

    def close_option(self) -> None:
        """End one option, if one is open."""
        if self._select is not None and self._option is not None:
            text = self._since_mark()
            value = text if self._option == "\0" else self._option
            self._select.options.append((value, text))
            self._option = None

    def close_select(self) -> None:
        """End a choice: what is chosen is known now."""
        self.close_option()
        select, self._select = self._select, None
        if select is None:
            return
        if not select.chosen and select.options and not select.is_multiple:
            select.chosen = ["0"]
        select.chosen = [select.options[int(place)][0] for place in select.chosen]
        select.value = select.chosen[-1] if select.chosen else ""

    def open_button(self, attributes: Attributes) -> None:
        """Begin a button."""
        self._button = attributes
        self._mark = len(self.words)

    def close_button(self) -> None:
        """Keep a button that sends the form."""
        attributes, self._button = self._button, None
        if attributes is not None and attributes.get("type") not in {"button", "reset"}:
            self._add_button(attributes, self._since_mark())

    def _add_button(self, attributes: Attributes, text: str) -> None:
        if self._form is not None and "disabled" not in attributes:
            button = Button(
                name=attributes.get("name", ""),
                value=attributes.get("value", ""),
                text=text,
                action=attributes.get("formaction", ""),
            )
            self._form.buttons.append(button)

    def _add_control(self, attributes: Attributes, kind: str, value: str) -> Control:
        control = Control(
            name=attributes.get("name", ""),
            kind=kind,
            value=value,
            element_id=attributes.get("id", ""),
            described_by=attributes.get("aria-describedby", ""),
            is_checked="checked" in attributes,
            is_required="required" in attributes,
            is_invalid=attributes.get("aria-invalid") == "true",
            is_multiple="multiple" in attributes,
        )
        if self._form is not None and control.name and "disabled" not in attributes:
            self._form.controls.append(control)
        return control


def _attributes(text: str) -> Attributes:
    found: Attributes = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def _share_radio_options(form: Form) -> None:
    groups: dict[str, list[tuple[str, str]]] = {}
    for control in form.controls:
        if control.kind == "radio":
            control.options = groups.setdefault(control.name, [])
            control.options.append((control.value, control.label))


_OPENERS = {
    "a": Markup.open_a,
    "button": Markup.open_button,
    "form": Markup.open_form,
    "input": Markup.open_input,
    "label": Markup.open_label,
    "option": Markup.open_option,
    "select": Markup.open_select,
    "textarea": Markup.open_textarea,
}
_CLOSERS = {
    "a": Markup.close_a,
    "button": Markup.close_button,
    "form": Markup.close_form,
    "label": Markup.close_label,
    "option": Markup.close_option,
    "select": Markup.close_select,
}


def read_markup(html: str) -> Markup:
    """Read one page; broken markup gives what could be read of it."""
    markup = Markup()
    markup.read(html)
    return markup
