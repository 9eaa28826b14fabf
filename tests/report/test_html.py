"""Reports as pages for a browser, looked at as text; `tests/browser` looks at them in one."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.language import Translator
from grader.records import Location, NetworkLayer, Outcome, Report, SourcePart
from grader.report import NoSubmission, render_html
from grader.report.html.code import MARKS, MAX_LINES, code_parts, line_anchor
from grader.report.html.network import SHOWN, network_svg
from grader.report.plots import confusion, curves
from tests.report.golden.rendering import names, report_named
from tests.report.hostile import ATTACKS, hostile_report

ENGLISH = Translator.english()
VOID = {"meta", "link", "br", "img", "input"}


class Page(HTMLParser):
    """The elements of a page, its ids, links and text; fails where elements do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [found[attribute] or "" for _tag, found in self.elements if attribute in found]


def assert_harmless(text: str) -> Page:
    """A page that runs nothing and asks for nothing, whose links and labels lead somewhere within it."""
    page = Page(text)
    tags = {tag for tag, _attributes in page.elements}
    assert tags.isdisjoint({"script", "iframe", "object", "embed", "form", "base", "video", "audio"})
    assert not any(name.startswith("on") or name == "style" for _tag, found in page.elements for name in found)
    assert all(source.startswith("data:image/png;base64,") for source in page.values("src"))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    for link in (*page.values("href"), *page.values("xlink:href")):
        assert link == "data:," or (link.startswith("#") and link[1:] in ids)
    for label in page.values("aria-labelledby"):
        assert label in ids
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x1b\x00\ud800-\udfff]", text)
    return page


@pytest.mark.parametrize("name", names())
def test_real_reports_are_harmless_and_small(name: str) -> None:
    text = render_html([report_named(name)], Translator(name.rpartition(".")[2]))
    assert_harmless(text)
    assert len(text.encode()) < 500_000
    assert f'<html lang="{name.rpartition(".")[2]}">' in text


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_hostile_reports_are_harmless_and_small(attack: str) -> None:
    text = render_html([hostile_report(attack)], ENGLISH)
    assert_harmless(text)
    assert len(text.encode()) < 500_000


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_no_text_gets_out_of_its_place(text: str) -> None:
    assert_harmless(render_html([hostile_report(text)], ENGLISH))


def test_several_reports_are_one_page_with_a_contents_list(partial_report: Report, ungraded_report: Report) -> None:
    absent = NoSubmission(exercise="exercise-9", title="Nine", reason=None)
    page = assert_harmless(render_html([partial_report, absent, ungraded_report], ENGLISH))
    assert sum(tag == "article" for tag, _attributes in page.elements) == 3
    assert "no file" in "".join(page.text)


def test_the_policy_allows_the_style_of_the_page_and_nothing_else(partial_report: Report) -> None:
    text = render_html([partial_report], ENGLISH)
    style = re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    rules = policy[1].replace("&#39;", "'")
    assert rules == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_the_mistake_is_marked_at_its_line() -> None:
    text = render_html([report_named("shared_layers.en")], ENGLISH)
    page = assert_harmless(text)
    assert 'id="e1-p0-l10"><i>10</i>def build_hidden_layer():' in text
    assert "#e1-p0-l10" in page.values("href")


def test_cells_of_a_notebook_are_cells() -> None:
    report = report_named("never_built.en")
    parts = code_parts(report, "e1")
    assert [part.cell for part in parts] == [part.cell for part in report.sources]
    assert all(part.cell is not None for part in parts)
    assert any(line.marks for part in parts for line in part.lines)


def test_layers_stand_side_by_side_and_differences_are_told_in_words_too() -> None:
    report = next(
        found for found in map(report_named, names()) if found.language == "en" and any(c.tables for c in found.checks)
    )
    text = render_html([report], ENGLISH)
    assert "<caption>Expected</caption>" in text
    assert "<caption>Found</caption>" in text
    assert '<span class="sr">differs: </span>' in text


def test_an_endless_file_is_cut_and_says_so(partial_report: Report) -> None:
    source = SourcePart(file="exercise_2.py", cell=None, text="x = 1\n" * (MAX_LINES * 2))
    report = msgspec.structs.replace(partial_report, sources=(source, source))
    parts = code_parts(report, "e1")
    assert (len(parts[0].lines), parts[0].cut) == (MAX_LINES, True)
    assert parts[1].lines == ()
    assert line_anchor(report, "e1", Location(file="exercise_2.py", line=MAX_LINES + 1)) is None
    assert "The rest is left out here." in render_html([report], ENGLISH)


def test_a_line_has_few_remarks_and_each_once(partial_report: Report) -> None:
    place = Location(file="exercise_2.py", line=1)
    first = partial_report.checks[0]
    checks = [
        msgspec.structs.replace(first, id=f"t{n}", outcome=Outcome.FAILED, message=f"m{n // 2}", location=place)
        for n in range(40)
    ]
    source = SourcePart(file="exercise_2.py", cell=None, text="x")
    report = msgspec.structs.replace(partial_report, checks=tuple(checks), sources=(source,))
    marks = code_parts(report, "e1")[0].lines[0].marks
    assert [mark.text for mark in marks] == [f"m{n}" for n in range(MARKS)]


def test_a_deep_network_is_cut_and_says_so() -> None:
    layers = [NetworkLayer(kind="Dense", name=f"d{n}", units=n, after=(n - 1,) if n else ()) for n in range(60)]
    svg = network_svg(layers, prefix="n", title="Layers", more="and 36 more")
    assert svg.count("<rect") == SHOWN
    assert "and 36 more" in svg
    assert "undefined" not in svg


def test_a_connection_over_layers_is_a_curve() -> None:
    layers = [
        NetworkLayer(kind="Dense", name="a", units=8),
        NetworkLayer(kind="Dense", name="b", units=8, after=(0,)),
        NetworkLayer(kind="Add", name="c", after=(0, 1)),
    ]
    svg = network_svg(layers, prefix="n", title="Layers", more="")
    assert svg.count("marker-end") == 3
    assert len(re.findall(r' d="M\d+ \d+C', svg)) == 1


def test_drawings_have_no_style_and_ids_of_their_own() -> None:
    drawn = curves((0.5, None, 0.9), (0.4, 0.6, 0.7), prefix="one", title="<T>")
    matrix = confusion(((5, 1), (0, 7)), prefix="two", title="M", target="실제 <", predicted="예측")
    for svg in (drawn, matrix):
        assert "style" not in svg
        assert "#0000" not in svg
    assert "&lt;T&gt;" in drawn
    assert "실제 &lt;" in matrix
    assert set(re.findall(r'id="(\w+)-', drawn)) == {"one"}
    assert set(re.findall(r'id="(\w+)-', matrix)) == {"two"}


def test_drawings_are_the_same_each_time() -> None:
    curves.__globals__["_curves"].cache_clear()
    first = curves((0.5, 0.9), (0.4, 0.7), prefix="a", title="T")
    curves.__globals__["_curves"].cache_clear()
    assert curves((0.5, 0.9), (0.4, 0.7), prefix="a", title="T") == first


@pytest.mark.slow
def test_pages_without_drawings_import_no_matplotlib() -> None:
    code = (
        "import sys; from grader.language import Translator; from grader.report import render_html\n"
        "from tests.report.golden.rendering import report_named\n"
        "render_html([report_named('does_not_parse.en')], Translator('en'))\n"
        "assert 'jinja2' in sys.modules; assert 'matplotlib' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
