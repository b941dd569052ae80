"""How does a run look? One SVG, a panel for each contest, a bar for each side.

The bar is the median, the line through its end goes from the least to the greatest round. Colours
follow the reader's light or dark theme. No script, no font and no file from elsewhere.
"""

from collections.abc import Sequence
from html import escape

from benchmarks.contest import Outcome, Standing
from benchmarks.ratios import Better
from benchmarks.report import figure, verdict_words

_WIDTH = 920
_LEFT, _RIGHT = 300, 330
_ROW, _BAR = 34, 18
_HEAD, _GAP = 58, 26
_STYLE = """
  svg { font-family: system-ui, sans-serif; }
  .paper { fill: #ffffff; } .ink { fill: #1d2530; } .soft { fill: #5b6675; }
  .line { stroke: #1d2530; } .grid { stroke: #d7dce3; }
  .ours { fill: #2563c9; } .again { fill: #93b4e8; } .peer { fill: #b3bac4; }
  .good { fill: #1a7f4b; } .bad { fill: #b3261e; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #12171f; } .ink { fill: #e7ebf0; } .soft { fill: #9aa5b3; }
    .line { stroke: #e7ebf0; } .grid { stroke: #333c49; }
    .ours { fill: #5b95f5; } .again { fill: #38547f; } .peer { fill: #566070; }
    .good { fill: #54c48b; } .bad { fill: #ff8a80; }
  }
"""


def draw(outcomes: Sequence[Outcome], *, caption: str) -> str:
    """Return the picture of a run as SVG."""
    top = 16
    panels = []
    for outcome in outcomes:
        panels.append(_panel(outcome, top))
        top += _HEAD + _ROW * len(outcome.standings) + _GAP
    height = top + 18
    spoken = "; ".join(_sentence(outcome) for outcome in outcomes)
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">',
            f'<title id="t">Aboard, benchmarks</title><desc id="d">{escape(spoken)}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{_WIDTH}" height="{height}" rx="8"/>',
            *panels,
            _text(24, height - 14, caption, "soft", size=11),
            "</svg>\n",
        ]
    )


def _sentence(outcome: Outcome) -> str:
    rows = ", ".join(f"{side.name}: {figure(side.value.median)}" for side in outcome.standings)
    return f"{outcome.id} {outcome.title} in {outcome.measure}: {rows}"


def _panel(outcome: Outcome, top: int) -> str:
    longest = max(side.value.greatest for side in outcome.standings)
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    way = "more is better" if outcome.better is Better.HIGHER else "less is better"
    left, first = f'x1="{_LEFT}" x2="{_LEFT}"', top + _HEAD
    last = first + _ROW * len(outcome.standings)
    parts = [
        _text(24, top + 18, f"{outcome.id}  {outcome.title}", "ink", size=15, is_bold=True),
        _text(24, top + 38, f"{outcome.measure}, {way}; {outcome.rounds} rounds", "soft", size=12),
        f'<line class="grid" {left} y1="{first - 8}" y2="{last - 6}"/>',
    ]
    for place, side in enumerate(outcome.standings):
        kind = ("ours", "again")[place] if place < 2 else "peer"
        parts.append(_bar(side, top + _HEAD + _ROW * place, kind, scale, outcome.better))
    return "\n".join(parts)


def _bar(side: Standing, top: int, kind: str, scale: float, better: Better) -> str:
    middle = top + _BAR / 2
    ends = [_LEFT + scale * at for at in (side.value.least, side.value.greatest)]
    whisker = f"M{ends[0]:.1f} {middle}H{ends[1]:.1f}" + "".join(
        f"M{end:.1f} {middle - 4}v8" for end in ends
    )
    length = max(1.0, scale * side.value.median)
    said = figure(side.value.median)
    if side.ratio is not None:
        said += f"   {side.ratio.median:.2f}x"
    verdict = verdict_words(side, better)
    parts = [
        _text(_LEFT - 10, middle + 4, side.name, "ink", size=12, is_right=True),
        f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{length:.1f}" height="{_BAR}" rx="2"/>',
        f'<path class="line" fill="none" d="{whisker}"/>',
        _text(ends[1] + 10, middle + (-1 if verdict else 4), said, "ink", size=12),
    ]
    if verdict:
        tone = "bad" if verdict.startswith("missed") else "good"
        parts.append(_text(ends[1] + 10, middle + 12, verdict, tone, size=11))
    return "\n".join(parts)


def _text(
    x: float,
    y: float,
    words: str,
    tone: str,
    *,
    size: int,
    is_bold: bool = False,
    is_right: bool = False,
) -> str:
    look = f'class="{tone}" font-size="{size}"'
    look += ' font-weight="600"' if is_bold else ""
    look += ' text-anchor="end"' if is_right else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" {look} xml:space="preserve">{escape(words)}</text>'
