"""Forms as a person fills them in, and what a browser then sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody chooses in a file field."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


Wish = str | bool | Sequence[str] | Attachment | None
Values = Mapping[str, Wish]
Pairs = list[tuple[str, str | Attachment]]
_NO_FILE = Attachment("", "application/octet-stream", b"")


class FormMismatch(LookupError):
    """The page has no such form, field, choice or button: what was expected is not there."""


@dataclass(slots=True)
class Control:
    """One field of a form. For a choice, `options` holds the pairs of value and text."""

    name: str
    kind: str
    value: str
    label: str = ""
    element_id: str = ""
    described_by: str = ""
    is_checked: bool = False
    is_required: bool = False
    is_invalid: bool = False
    is_multiple: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Button:
    """One button that sends a form; `action` is set where it sends it somewhere else."""

    name: str
    value: str
    text: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One link with its absolute address and its words."""

    url: str
    text: str


@dataclass(slots=True)
class Form:
    """One form with everything a browser would send from it."""

    action: str
    method: str
    name: str = ""
    element_id: str = ""
    is_multipart: bool = False
    controls: list[Control] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def control(self, name: str) -> Control:
        """Return the first control with this name.

        Raises:
            FormMismatch: the form has none.
        """
        for control in self.controls:
            if control.name == name:
                return control
        raise FormMismatch(f"the form has no field {name!r}; it has {self.names}")

    @property
    def names(self) -> list[str]:
        """The names of the fields a person can see, in the order of the page."""
        seen = dict.fromkeys(item.name for item in self.controls if item.kind != "hidden")
        return list(seen)

    def button(self, wanted: str | None) -> Button | None:
        """Find a button by its words, value or name; without a wish, the first one if any.

        Raises:
            FormMismatch: there is no such button.
        """
        if wanted is None:
            return self.buttons[0] if self.buttons else None
        for button in self.buttons:
            if wanted in {button.text, button.value, button.name}:
                return button
        texts = [button.text for button in self.buttons]
        raise FormMismatch(f"the form has no button {wanted!r}; it has {texts}")

    def payload(self, values: Values, button: Button | None) -> Pairs:
        """Return the pairs that are sent, with the given values in place of the page's own.

        `None` leaves a field out; `True` and `False` tick and untick a box.

        Raises:
            FormMismatch: a value is meant for a field or choice that the form does not have.
        """
        unknown = set(values) - {control.name for control in self.controls}
        if unknown:
            raise FormMismatch(f"the form has no field {sorted(unknown)}; it has {self.names}")
        pairs: Pairs = []
        for control in self.controls:
            if control.kind == "file":
                pairs.append((control.name, _chosen_file(control, values)))
            else:
                pairs.extend((control.name, text) for text in _sent(control, values))
        if button is not None and button.name:
            pairs.append((button.name, button.value))
        return pairs


def _chosen_file(control: Control, values: Values) -> Attachment:
    wanted = values.get(control.name)
    if wanted is None or isinstance(wanted, Attachment):
        return wanted or _NO_FILE
    raise FormMismatch(f"{control.name!r} takes an Attachment")


def encode_parts(pairs: Pairs) -> tuple[str, bytes]:
    """Return the content type and the body that a browser sends for a form with files.

    Source: RFC 7578; the HTML standard, "Multipart form data".
    """
    boundary = f"----aboard{token_hex(12)}"
    lines: list[bytes] = []
    for name, value in pairs:
        head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
        data = b""
        if isinstance(value, Attachment):
            head += f'; filename="{_quoted(value.name)}"\r\nContent-Type: {value.media_type}'
            data = value.data
        else:
            data = value.encode()
        lines.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n")
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _sent(control: Control, values: Values) -> list[str]:
    is_ticked = control.kind in {"checkbox", "radio"}
    if control.name not in values:
        if is_ticked:
            return [control.value] if control.is_checked else []
        return control.chosen if control.kind == "select" else [control.value]
    wanted = values[control.name]
    if control.kind == "checkbox" and isinstance(wanted, bool):
        return [control.value] if wanted else []
    texts = _texts(wanted)
    if control.kind in {"select", "radio"}:
        offered = {value for value, _ in control.options}
        if not offered.issuperset(texts):
            raise FormMismatch(f"{control.name!r} does not offer {texts}: {sorted(offered)}")
    if is_ticked:
        return [control.value] if control.value in texts else []
    return texts


def _texts(wanted: Wish) -> list[str]:
    if wanted is None or isinstance(wanted, Attachment):
        return []
    if isinstance(wanted, bool):
        return ["true" if wanted else "false"]
    return [wanted] if isinstance(wanted, str) else list(wanted)
