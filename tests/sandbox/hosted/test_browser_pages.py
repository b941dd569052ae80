"""Does the seller's browser read pages and fill in forms as a person would?"""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.sandbox.browser import Form, FormMismatch, Page, Reply

HTML = """<!doctype html><html><head><title> A &amp;
 B </title><style>p { color: red }</style></head><body>
<script>if (a < b && "</p>") { document.write("<form>") }</script>
<!-- <form name="commented"></form> -->
<p>One<br>two</p><p>th<b>re</b>e</p> <a href="next?x=1&amp;y=2">Go <i>on</i></a>
<form name="main" action="/save" method="post">
<input type="hidden" name="csrf" value="t&quot;k">
<label for="n">Your <b>name</b></label><input id="n" name="name" value="Ada" required>
<input name=bare value=un-quoted><input name='single' value='it is "so"'>
<input type=checkbox name="news"><input type=checkbox name="terms" value="yes" checked>
<label for="r1">Red</label><input type="radio" id="r1" name="colour" value="red">
<label for="r2">Blue</label><input type="radio" id="r2" name="colour" value="blue" checked>
<select name="size"><option value="s">Small<option value="m" selected>Medium<option>Large</select>
<select name="plain"><option>First</option><option>Second</option></select>
<select name="many" multiple><option selected>a</option><option>b</option></select>
<textarea name="words">
 a &lt; b
</textarea>
<input name="off" value="x" disabled>
<button name="do" value="save">Save it</button>
<button type="button" name="do" value="nothing">Nothing</button>
<input type="submit" name="do" value="Drop" formaction="/drop">
</form>
<form id="search" action="find"><input name="q"></form>
</body></html>"""


def _page(html: str = HTML) -> Page:
    return Page("https://example.com/a/b", Reply(200, [], html.encode()))


@pytest.fixture
def form() -> Form:
    return _page().form("main")


def _payload(form: Form, values: dict[str, str | bool | list[str] | None]) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, text in form.payload(values, None):
        assert isinstance(text, str)
        sent.setdefault(name, []).append(text)
    return sent


def test_words_of_a_page() -> None:
    page = _page()
    assert page.title == "A & B"
    assert page.text.startswith("One two three Go on")
    assert "color" not in page.text
    assert "document.write" not in page.text
    assert "commented" not in page.text


def test_words_are_those_that_are_shown() -> None:
    page = _page(
        "<p>a < b</p><template><p>Kept <template>for</template> later</p></template><i>&lt;i></i>"
        "<textarea>Typed <b></textarea><label for=n>N<!-- o -->a<span>m</span>e</label>"
        "<form><input id=n name=n></form>"
    )
    assert page.text == "a < b <i> Typed <b> Name"
    assert page.form().control("n").label == "Name"


def test_links_are_absolute() -> None:
    assert _page().link("Go on").url == "https://example.com/a/next?x=1&y=2"


def test_forms_are_found_by_name_id_and_place() -> None:
    page = _page()
    assert [form.action for form in page.forms] == [
        "https://example.com/save",
        "https://example.com/a/find",
    ]
    assert page.form("search") is page.form(1)
    assert page.form() is page.form("main")
    assert (page.form("main").method, page.form("search").method) == ("POST", "GET")


def test_untouched_form_sends_what_a_browser_would(form: Form) -> None:
    assert _payload(form, {}) == {
        "csrf": ['t"k'],
        "name": ["Ada"],
        "bare": ["un-quoted"],
        "single": ['it is "so"'],
        "terms": ["yes"],
        "colour": ["blue"],
        "size": ["m"],
        "plain": ["First"],
        "many": ["a"],
        "words": [" a < b\n"],
    }


def test_filled_in_form(form: Form) -> None:
    sent = _payload(
        form,
        {
            "name": "Grace",
            "news": True,
            "terms": False,
            "colour": "red",
            "size": "Large",
            "many": ["a", "b"],
            "bare": None,
        },
    )
    assert sent["name"] == ["Grace"]
    assert sent["news"] == ["on"]
    assert "terms" not in sent
    assert sent["colour"] == ["red"]
    assert sent["size"] == ["Large"]
    assert sent["many"] == ["a", "b"]
    assert "bare" not in sent


@pytest.mark.parametrize(
    "values", [{"nope": "x"}, {"size": "xl"}, {"colour": "green"}, {"off": "x"}]
)
def test_what_the_form_does_not_have_is_refused(form: Form, values: dict[str, str]) -> None:
    with pytest.raises(FormMismatch):
        form.payload(values, None)


def test_labels_and_options(form: Form) -> None:
    assert form.control("name").label == "Your name"
    assert form.control("name").is_required
    assert form.control("colour").label == "Red"
    assert form.control("colour").options == [("red", "Red"), ("blue", "Blue")]
    assert form.control("size").options == [("s", "Small"), ("m", "Medium"), ("Large", "Large")]


def test_buttons(form: Form) -> None:
    assert [button.text for button in form.buttons] == ["Save it", "Drop"]
    saving = form.button(None)
    assert saving is not None
    assert form.payload({}, saving)[-1] == ("do", "save")
    dropping = form.button("Drop")
    assert dropping is not None
    assert dropping.action == "/drop"
    with pytest.raises(FormMismatch, match="no button"):
        form.button("Nothing")


def test_missing_forms_and_links_say_what_page_it_was() -> None:
    with pytest.raises(FormMismatch, match="status 200, 'A & B'"):
        _page().form("nope")
    with pytest.raises(FormMismatch, match="status 200"):
        _page().link("nope")


def test_address_of_a_page_is_not_printed() -> None:
    assert "example.com" not in repr(_page())


@pytest.mark.parametrize(
    "html",
    ["", "<", "<form", "<form name='x", "<input name=x>", "</form></select></a></title>", "<a>x",
     "<select name=s><option>1", "<form><textarea name=t>open", "<title>open", "<!-- open <b>"],
)  # fmt: skip
def test_broken_markup_is_read_as_far_as_it_goes(html: str) -> None:
    page = _page(html)
    assert isinstance(page.text, str)
    assert isinstance(page.forms, list)


class _Oracle(HTMLParser):
    """The standard library's idea of which fields a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            seen = {name: value or "" for name, value in reversed(attrs)}
            self.found.append((seen.get("name", ""), seen.get("value", ""), seen.get("id", "")))


_NAMES = st.text("abcxyz.-_", min_size=1, max_size=6).filter(lambda name: name[0].isalpha())
_VALUES = st.text("ab &<>\"'=/;ü\n", max_size=8)
_QUOTED = st.one_of(
    _VALUES.map(lambda text: '"' + text.replace("&", "&amp;").replace('"', "&quot;") + '"'),
    _VALUES.map(lambda text: "'" + text.replace("&", "&amp;").replace("'", "&#39;") + "'"),
    st.text("abc123.", min_size=1, max_size=5),
)
_ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(["name", "value", "id", "class", "DATA-x"]), _QUOTED), max_size=4
).map(lambda pairs: "".join(f" {name}={value}" for name, value in pairs))
_PIECES = st.one_of(
    _ATTRIBUTES.map(lambda text: f"<input{text}>"),
    _ATTRIBUTES.map(lambda text: f"<INPUT{text} />"),
    _ATTRIBUTES.map(lambda text: f"<div{text}>words</div>"),
    st.sampled_from(
        [
            "<!-- <input name=no> -->",
            "<script>'<input name=no>'</script>",
            "text &amp; more",
            "<p>",
            "<inputs name=no>",
            "<x-input name=no>",
            "<p title='<input name=no>'>",
            "a < b",
            "</input>",
        ]
    ),
)


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_fields_are_those_the_standard_library_finds(html: str) -> None:
    oracle = _Oracle()
    oracle.feed(f"<form>{html}</form>")
    oracle.close()
    controls = _page(f"<form>{html}</form>").form().controls
    assert [(item.name, item.value, item.element_id) for item in controls] == [
        found for found in oracle.found if found[0]
    ]
