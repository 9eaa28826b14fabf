"""Reports and the class overview in a real browser: nothing runs, nothing is fetched, everyone can read them."""

from __future__ import annotations

import random
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from grader.language import Translator
from grader.report import CohortEntry, render_html, render_index
from tests.browser.conftest import Reader, Visit
from tests.report.golden.rendering import names, report_named
from tests.report.hostile import ATTACKS, hostile_report

pytestmark = pytest.mark.slow

TORN = """() => [...document.querySelectorAll("code")].flatMap(code => {
    const next = code.nextSibling, found = next && next.nodeType === 3 && next.data.match(/^\u2060?[가-힣]/);
    if (!found) return [];
    const range = document.createRange();
    range.setStart(next, found[0].length - 1);
    range.setEnd(next, found[0].length);
    const particle = range.getBoundingClientRect(), lines = code.getClientRects();
    return particle.height && particle.top > lines[lines.length - 1].bottom - 4 ? [code.textContent] : [];
})"""
"""The code whose particle stands on the next line."""
Scheme = Literal["light", "dark"]
SHOWN = ("shared_layers.en", "shared_layers.ko", "names_exchanged.en", "never_built.ko", "does_not_parse.en", "stub.ko")


def assert_quiet(visit: Visit) -> None:
    """No error on the console, no dialog, no script of a stranger, and no request but for the file itself."""
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    assert sum(url.startswith("file:") for url in visit.requests) == 1


def assert_fits(visit: Visit) -> None:
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def serious(visit: Visit) -> list[str]:
    """What axe-core finds that keeps someone from reading the page."""
    found: dict[str, Any] = Axe().run(visit.page).response
    return [
        f"{violation['id']}: {violation['nodes'][0]['html']}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical", "moderate"}
    ]


def class_of(students: int, language: str) -> list[CohortEntry]:
    """A made-up class of real reports."""
    chance = random.Random(5)  # noqa: S311 - a made-up class
    reports = [report_named(name) for name in names() if name.endswith(language)]
    exercises = sorted({report.exercise for report in reports})
    return [
        CohortEntry(
            student=f"s{number:04}",
            name=chance.choice(["Kim Minji", "Ana García", "이서연"]),
            exercise=exercise,
            report=(found := chance.choice([None, *(one for one in reports if one.exercise == exercise)])),
            link=None if found is None else f"reports/s{number:04}/{exercise}.html",
            late=chance.random() < 0.1,
        )
        for number in range(students)
        for exercise in exercises
    ]


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_can_be_read_by_everyone(reader: Reader, name: str, scheme: Scheme) -> None:
    visit = reader.open(render_html([report_named(name)], Translator(name[-2:])), scheme=scheme)
    assert_quiet(visit)
    assert serious(visit) == []


@pytest.mark.parametrize("name", SHOWN)
def test_a_report_fits_a_phone_and_needs_no_script(reader: Reader, name: str) -> None:
    text = render_html([report_named(name)], Translator(name[-2:]))
    visit = reader.open(text, width=360)
    assert_quiet(visit)
    assert_fits(visit)
    assert visit.page.locator("h1").is_visible()
    without = reader.open(text, width=360, script=False)
    assert without.page.locator("main").inner_text() == visit.page.locator("main").inner_text()


def test_a_dark_page_is_dark(reader: Reader) -> None:
    text = render_html([report_named("shared_layers.en")], Translator.english())
    brightness = "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    assert reader.open(text, scheme="light").page.evaluate(brightness) > 200
    assert reader.open(text, scheme="dark").page.evaluate(brightness) < 60


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_hostile_text_stays_text(reader: Reader, attack: str) -> None:
    report = hostile_report(attack)
    for text in (
        render_html([report], Translator.english()),
        render_index(
            [CohortEntry(student=attack, name=attack, exercise=attack, report=report, link=attack)],
            Translator.english(),
            title="Class",
        ),
    ):
        visit = reader.open(text, width=360)
        visit.page.wait_for_timeout(50)
        assert_quiet(visit)
        assert_fits(visit)
        assert visit.page.title() not in {"owned", "1"}
        assert visit.page.locator("iframe, object, embed, form, img:not([src^='data:image/png'])").count() == 0


def test_a_mark_leads_to_its_check_and_back_by_keyboard(reader: Reader) -> None:
    visit = reader.open(render_html([report_named("shared_layers.en")], Translator.english()))
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the checks"
    place = visit.page.get_by_role("link", name="exercise_2.py, line 10")
    place.focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("location.hash") == "#e1-p0-l10"
    assert visit.page.locator(":target").inner_text().strip().endswith("def build_hidden_layer():")
    visit.page.get_by_role("link", name="Two calls of build_hidden_layer returned the same object.").click()
    assert visit.page.locator(":target").get_attribute("class") == "check failed"


def test_a_report_can_be_printed(reader: Reader) -> None:
    visit = reader.open(render_html([report_named("shared_layers.en")], Translator.english()), scheme="dark")
    visit.page.emulate_media(media="print")
    assert len(visit.page.pdf()) > 10_000


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ko", "dark")])
def test_the_overview_can_be_read_by_everyone(reader: Reader, language: str, scheme: Scheme) -> None:
    visit = reader.open(render_index(class_of(30, language), Translator(language), title="Class"), scheme=scheme)
    assert_quiet(visit)
    assert serious(visit) == []
    phone = reader.open(render_index(class_of(30, language), Translator(language), title="Class"), width=360)
    assert_fits(phone)


def test_the_overview_sorts_and_filters(reader: Reader) -> None:
    visit = reader.open(render_index(class_of(60, "en"), Translator.english(), title="Class"))
    totals = "Array.from(document.querySelectorAll('#table tbody tr'), row => Number(row.lastElementChild.dataset.v))"
    button = visit.page.get_by_role("button", name="Total")
    button.click()
    assert visit.page.evaluate(totals) == sorted(visit.page.evaluate(totals))
    button.click()
    assert visit.page.evaluate(totals) == sorted(visit.page.evaluate(totals), reverse=True)
    visit.page.get_by_role("searchbox").fill("GARCÍA")
    rows = visit.page.locator("#table tbody tr:visible")
    assert 0 < rows.count() < 60
    assert all("García" in text for text in rows.all_inner_texts())
    assert visit.page.get_by_role("status").inner_text() == f"{rows.count()} / 60"


def test_the_overview_sorts_and_filters_by_keyboard_alone(reader: Reader) -> None:
    visit = reader.open(render_index(class_of(40, "en"), Translator.english(), title="Class"))
    keyboard = visit.page.keyboard
    focused = "document.activeElement.id || document.activeElement.textContent"

    def go_to(wanted: str) -> None:
        for _step in range(40):
            if visit.page.evaluate(focused).startswith(wanted):
                return
            keyboard.press("Tab")
        pytest.fail(f"Tab never came to {wanted}")

    go_to("filter")
    keyboard.type("minji")
    assert 0 < visit.page.locator("#table tbody tr:visible").count() < 40
    go_to("Total")
    keyboard.press("Enter")
    keyboard.press("Enter")
    assert visit.page.locator("#table thead th[aria-sort=descending]").inner_text().startswith("Total")
    values = "Array.from(document.querySelectorAll('#table tbody tr'), row => Number(row.lastElementChild.dataset.v))"
    assert visit.page.evaluate(values) == sorted(visit.page.evaluate(values), reverse=True)
    assert_quiet(visit)


@pytest.mark.parametrize("width", [360, 1200])
def test_one_long_name_takes_nothing_from_the_others(reader: Reader, width: int) -> None:
    entries = [
        CohortEntry(student=student, name=student, exercise="exercise-2", report=report_named("shared_layers.en"))
        for student in ("w" * 5000, "s1")
    ]
    visit = reader.open(render_index(entries, Translator.english(), title="Class"), width=width)
    assert_fits(visit)
    first = visit.page.locator("#table tbody th").first.bounding_box()
    assert first is not None
    assert first["width"] < width / 2
    assert visit.page.evaluate("document.querySelector('.tall').scrollWidth") < 800 + width


def test_the_overview_reads_without_its_script(reader: Reader) -> None:
    visit = reader.open(render_index(class_of(20, "en"), Translator.english(), title="Class"), script=False)
    assert visit.page.locator("#table tbody tr").count() == 20
    assert not visit.page.locator("#tools").is_visible()


def test_two_thousand_students_are_no_burden(reader: Reader) -> None:
    text = render_index(class_of(2000, "en"), Translator.english(), title="Class")
    assert len(text.encode()) < 2_500_000
    visit = reader.open(text)
    assert_quiet(visit)
    assert visit.page.locator("#table tbody tr").count() == 2000


@pytest.mark.parametrize("name", ["classifier_that_jumps.ko", "fortran_order.ko", "shared_layers.ko"])
def test_a_particle_stands_on_the_line_of_its_code(reader: Reader, name: str) -> None:
    page = reader.open(render_html([report_named(name)], Translator("ko")), width=390).page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate(TORN) == []


def test_the_lines_of_the_class_go_with_the_column_that_stays(reader: Reader) -> None:
    page = reader.open(render_index(class_of(6, "ko"), Translator("ko"), title="Class"), width=390).page
    # A cell's own border moves with it; one that the table has collapsed stays behind.
    assert page.evaluate("getComputedStyle(document.querySelector('#table')).borderCollapse") == "separate"
    assert page.evaluate("getComputedStyle(document.querySelector('tbody th')).borderBottomWidth") == "1px"
