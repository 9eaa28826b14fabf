"""A report in which everything that a submission can choose is an attack."""

from __future__ import annotations

import base64
from typing import Final

from grader.records import (
    CheckReport,
    Environment,
    LayerTable,
    Location,
    Metric,
    NetworkLayer,
    Outcome,
    Points,
    Report,
    SandboxFacts,
    SandboxLevel,
    Score,
    ShownMistake,
    SourcePart,
    SubmissionFacts,
    Training,
    Usage,
    Verdict,
    Visibility,
)

ATTACKS: Final = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=1">',
    "<svg onload=alert(1)></title></style></textarea></pre><iframe src=//evil.example>",
    "javascript:alert(1)",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png) <b>bold</b>",
    "@octocat #1 https://evil.example www.evil.example GH-12",
    "``` ```` `code` ~~~\n# heading\n- item\n1. one\n| a | b |\n> quote",
    "user\u202eevitcaer\u202c \u2066isolate\u2069 \u200bzero\ufeff",
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x00\x07\x9b",
    "]]> <![CDATA[ x ]]> <!-- --> &amp; &#x3c;",
    "::error file=x::owned\r\n::set-env name=PATH::/evil\n%0A::warning::x",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }} {% for x in y %} ${7*7}",
    "caf\udce9 \ud800",
    "x" * 5_000_000,
    "\n" * 50_000,
    "가" * 100_000,
    "🇰🇷" + "\u0301" * 500,
)
PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def hostile_report(text: str) -> Report:
    """A report that says `text` wherever a submission can put words."""
    return Report(
        exercise="exercise-2",
        title=text,
        language="en",
        submission=SubmissionFacts(path=f"folder/{text}.py", sha256="ab" * 32),
        verdict=Verdict.PARTIAL,
        score=Score(earned=1.0, possible=6.0),
        checks=tuple(
            CheckReport(
                id=f"test_{outcome.value}",
                function=text,
                title=text,
                visibility=Visibility.PUBLIC,
                outcome=outcome,
                points=Points(earned=1.0 if outcome is Outcome.PASSED else 0.0, possible=1.0),
                message=text,
                expected=text,
                observed=text,
                hint=text,
                hints=(text,),
                location=Location(file=text, line=1),
                source=text,
                tables=(
                    LayerTable(role="expected", head=(text,), rows=((text,),), total=(text,), differing=(0,)),
                    LayerTable(role="observed", head=(text,), rows=((text,),), total=(text,), differing=(0,)),
                )
                if outcome is Outcome.TIMED_OUT
                else (),
                seconds=0.1,
            )
            for outcome in Outcome
            if outcome is not Outcome.ERRORED
        ),
        notes=(text,),
        next_step=text,
        metrics=(Metric(name=text, split=text, value=0.5, threshold=0.4),),
        sandbox=SandboxFacts(level=SandboxLevel.PARTIAL, layers=(text,)),
        usage=Usage(wall_seconds=1.0, cpu_seconds=1.0, peak_memory_bytes=1),
        environment=Environment(grader="0.1.0", python="3.11.0", tensorflow=None, keras=None),
        seconds=1.0,
        sources=(SourcePart(file=text, cell=None, text=text[:60_000]), SourcePart(file=text, cell=3, text=text[:100])),
        trainings=(
            Training(
                layers=(
                    NetworkLayer(kind=text, name=text, activation=text),
                    NetworkLayer(kind="Dense", name="x", units=10**30, after=(0, 7)),
                ),
                history={"loss": (1.0, None), "accuracy": (0.1, 0.2), "val_loss": (), "val_accuracy": (0.1,)},
                confusion=((3, 1), (0, 5)),
                mistakes=(ShownMistake(target=0, predicted=1, probability=0.9, image=PIXEL),),
                classes=(text, text),
            ),
        ),
    )
