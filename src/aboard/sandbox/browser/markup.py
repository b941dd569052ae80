"""HTML read once, for what a person can use in it: links and forms.

Reads tags with one regular expression instead of the standard library's parser, which would take
half the time of a whole onboarding journey; a test holds the two against each other. What nobody
can use is passed over within the expression, and words are read where somebody asks for them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from aboard.sandbox.browser.forms import Button, Control, Form
from aboard.sandbox.browser.words import ASIDE, ATTRIBUTES, RAW_ENDS, plain, raw_end, words_of

_USED = r"(?:a|button|form|input|label|option|script|select|style|textarea|title)(?=[\s/>])"
_NEXT = re.compile(
    rf"""(?:[^<]++|<(?:{ASIDE}|/?+(?!{_USED})[a-z][^\s/>]*+{ATTRIBUTES}>))*+"""
    rf"""(?:<(/?+)({_USED})({ATTRIBUTES})>)?+""",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_BUTTONS = frozenset({"submit", "image"})
Attributes = Mapping[str, str]


class Markup:
    """The parts of one page, in the order of the page."""

    def __init__(self, html: str) -> None:
        """Go through the page once."""
        self.title = ""
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._html = html
        self._form: Form | None = None
        self._select: Control | None = None
        self._option: str | None = None
        self._button: Attributes | None = None
        self._href: str | None = None
        self._label_for: str | None = None
        self._labels: dict[str, str] = {}
        self._mark = self._start = self._stop = 0
        self._read()

    def _read(self) -> None:
        html = self._html
        end = len(html)
        while self._stop < end and (token := _NEXT.match(html, self._stop)):
            self._stop = token.end()
            closing, tag, attributes = token.groups()
            if tag is None:  # the end of the page, or a "<" that begins nothing
                self._stop += 1
                continue
            self._start = token.start(1) - 1
            tag = tag.lower()
            if closing:
                if tag in _CLOSERS:
                    _CLOSERS[tag](self)
                continue
            if tag in _OPENERS:
                _OPENERS[tag](self, _attributes(attributes))
            if tag in RAW_ENDS:
                self._take_raw(tag)
        self._start = end
        self.close_form()

    def _take_raw(self, tag: str) -> None:
        begin, self._stop = self._stop, raw_end(tag, self._html, self._stop)
        text = plain(self._html[begin : self._stop])
        if tag == "title" and not self.title:
            self.title = " ".join(text.split())
        elif tag == "textarea" and self._form is not None and self._form.controls:
            self._form.controls[-1].value = text.removeprefix("\r").removeprefix("\n")

    def _since_mark(self) -> str:
        return words_of(self._html[self._mark : self._start])

    def open_a(self, attributes: Attributes) -> None:
        """Note where a link leads."""
        self._href = attributes.get("href")
        self._mark = self._stop

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
            is_multipart=attributes.get("enctype", "").lower() == "multipart/form-data",
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
        self._mark = self._stop

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
            self._mark = self._stop
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
        self._mark = self._stop

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


@lru_cache(maxsize=1024)
def _attributes(text: str) -> Attributes:
    """Read a tag's attributes; the pages of a form repeat most of each other's."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), plain(double or single or bare))
    return MappingProxyType(found)


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
