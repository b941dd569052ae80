"""What a person reads of some HTML: its words, without tags and without what is not shown."""

import re
from html import unescape

ATTRIBUTES = r"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+"""
ASIDE = r"!--.*?-->|[!?][^>]*+>"
_TOKEN = re.compile(rf"<(?:{ASIDE}|(/?+)([a-zA-Z][^\s/>]*+){ATTRIBUTES}>)", re.DOTALL)
RAW_ENDS = {
    tag: re.compile(rf"</{tag}[\s/>]", re.IGNORECASE)
    for tag in ("script", "style", "textarea", "title")
}
_UNSEEN = frozenset({"script", "style", "title"})
_INLINE = frozenset(
    ["a", "abbr", "b", "code", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"]
)


def plain(text: str) -> str:
    """Return text as it is meant, with `&amp;` and its like read."""
    return unescape(text) if "&" in text else text


def raw_end(tag: str, html: str, place: int) -> int:
    """Return where an element ends whose content is text, whatever it looks like."""
    closing = RAW_ENDS[tag].search(html, place)
    return len(html) if closing is None else closing.start()


def words_of(html: str) -> str:
    """Return all words, with runs of space made one."""
    if "<" not in html:
        return " ".join(plain(html).split())
    words: list[str] = []
    place = depth = 0
    while token := _TOKEN.search(html, place):
        if not depth:
            words.append(plain(html[place : token.start()]))
        place = token.end()
        tag = (token[2] or "").lower()
        if tag and tag not in _INLINE:
            words.append(" ")
        if tag == "template":  # its content is kept for scripts, and may hold further ones
            depth = max(0, depth - 1) if token[1] else depth + 1
        elif tag in RAW_ENDS and not token[1]:
            stop = raw_end(tag, html, place)
            if tag not in _UNSEEN and not depth:
                words.append(plain(html[place:stop]))
            place = stop
    if not depth:
        words.append(plain(html[place:]))
    return " ".join("".join(words).split())
