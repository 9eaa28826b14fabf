"""One or more reports as a page for a browser."""

from __future__ import annotations

from collections.abc import Sequence

from grader.language import Translator, _
from grader.records import Report
from grader.report.absent import NoSubmission
from grader.report.escaping import clip
from grader.report.html.labels import labels
from grader.report.html.templating import fill
from grader.report.html.views import NAME, entry_views


def report_page(entries: Sequence[Report | NoSubmission], translator: Translator) -> str:
    """The page of `grader.report.render_html`."""
    title = translator.render(_("Reports"))
    if len(entries) == 1:
        title = clip(f"{entries[0].exercise} · {entries[0].title}", NAME)
    return fill(
        "report.html.j2",
        {
            "language": translator.language,
            "title": title,
            "views": entry_views(entries, translator),
            "t": labels(translator),
        },
    )
