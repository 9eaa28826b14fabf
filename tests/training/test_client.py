"""The grader's side of training, with a process that only pretends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import (
    GraderError,
    LimitError,
    ModelError,
    ProtocolError,
    SandboxError,
    SubjectDied,
    TrainingError,
)
from grader.language import Text
from grader.training import Memory, Trainer, TrainingData, client, order_for
from tests.training.configs import TWO_LAYERS, dense, model, sequential, trained

ANSWER = {
    "history": {name: [0.5, 0.6] for name in ("loss", "accuracy", "val_loss", "val_accuracy")},
    "validation_accuracy": 0.6,
    "test_accuracy": 0.55,
    "seconds": 1.5,
    "examination": {
        "confusion": [[3, 1], [0, 4]],
        "mistakes": [{"index": 5, "target": 0, "predicted": 1, "probability": 0.875}],
    },
}
ORDER = order_for(model(TWO_LAYERS))
OTHER = order_for(model(sequential(dense(10, "softmax"))))


class Pretender:
    """A launcher and its process in one, which answers as told and notes what it was asked."""

    def __init__(self, answer: Any = ANSWER, *, to_data: Any = None) -> None:
        self.answer = answer
        self.to_data = to_data or {"ready": True}
        self.entries: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.killed = 0

    def start_trusted(self, entry: str) -> Pretender:
        self.entries.append(entry)
        return self

    def ask(self, request: Any, *, seconds: float, answer_bytes: int | None = None) -> Any:
        assert seconds == (client.START_SECONDS if request["do"] == "data" else 9.0)
        assert answer_bytes
        self.asked.append(request)
        answer = self.to_data if request["do"] == "data" else self.answer
        if isinstance(answer, GraderError):
            raise answer
        return answer

    def kill(self) -> None:
        self.killed += 1


def no_data() -> TrainingData:
    empty = np.zeros(0)
    return TrainingData(**dict.fromkeys(TrainingData.__struct_fields__, empty))


def trainer(pretender: Pretender, folder: Path, said: list[Text] | None = None) -> Trainer:
    return Trainer(
        launcher=lambda: pretender,
        memory=Memory(folder / "memory.sqlite"),
        data=no_data,
        data_sha256="0" * 64,
        seconds=9.0,
        progress=(said if said is not None else []).append,
    )


def test_an_order_is_trained_once_and_then_remembered(tmp_path: Path) -> None:
    pretender, said = Pretender(), list[Text]()
    first = trainer(pretender, tmp_path, said).train(ORDER)
    assert (first.validation_accuracy, first.test_accuracy, first.remembered) == (0.6, 0.55, False)
    assert [request["do"] for request in pretender.asked] == ["data", "train"]
    assert pretender.entries == ["grader.training.trainer:serve"]
    assert [str(text) for text in said] == ["Training the model for 5 epochs."]
    idle = Pretender()
    second = trainer(idle, tmp_path).train(ORDER)
    assert second.remembered
    assert second.history == first.history
    assert second.examination == first.examination == trained().examination
    assert idle.entries == []


def test_one_process_with_the_data_once_serves_all_orders(tmp_path: Path) -> None:
    pretender = Pretender()
    both = trainer(pretender, tmp_path)
    both.train(ORDER)
    both.train(OTHER)
    assert [request["do"] for request in pretender.asked] == ["data", "train", "train"]
    both.close()
    both.close()
    assert pretender.killed == 1


def test_a_process_that_has_worked_long_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LIFE_SECONDS", 0.0)
    pretender = Pretender()
    both = trainer(pretender, tmp_path)
    both.train(ORDER)
    both.train(OTHER)
    assert len(pretender.entries) == 2


def test_a_hostile_order_never_reaches_the_process(tmp_path: Path) -> None:
    pretender = Pretender()
    order = order_for(model(TWO_LAYERS))
    order.config["config"]["layers"].append({"class_name": "Lambda", "config": {}})
    with pytest.raises(ModelError):
        trainer(pretender, tmp_path).train(order)
    assert pretender.asked == []


def test_a_mistake_of_the_model_is_named_and_not_remembered(tmp_path: Path) -> None:
    fault = {"fault": "model", "error": "ValueError", "text": "Could not interpret loss identifier: msee"}
    pretender = Pretender(fault)
    told = trainer(pretender, tmp_path)
    for _ in range(2):
        with pytest.raises(ModelError, match='no loss named "msee"'):
            told.train(ORDER)
    assert pretender.killed == 0
    assert len(pretender.asked) == 3


def test_a_model_that_is_too_large_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="6,000,000"):
        trainer(Pretender({"parameters": 6_000_000}), tmp_path).train(ORDER)


@pytest.mark.parametrize(("timed_out", "told"), [(True, "longer than the limit of 9 seconds"), (False, "memory")])
def test_a_limit_is_the_models_and_the_process_is_replaced(tmp_path: Path, timed_out: bool, told: str) -> None:  # noqa: FBT001
    pretender = Pretender(LimitError("too much", timed_out=timed_out))
    limited = trainer(pretender, tmp_path)
    with pytest.raises(LimitError, match=told) as caught:
        limited.train(ORDER)
    assert caught.value.timed_out is timed_out
    pretender.answer = ANSWER
    assert limited.train(ORDER).validation_accuracy == 0.6
    assert len(pretender.entries) == 2


@pytest.mark.parametrize(
    "answer",
    [
        SubjectDied("it ended"),
        ProtocolError("no frame"),
        {"fault": "trainer", "error": "RuntimeError", "text": "no data"},
        {"validation_accuracy": 0.5},
        {**ANSWER, "validation_accuracy": "good"},
        {**ANSWER, "examination": {"confusion": [[1], [2]], "mistakes": []}},
        None,
        [1],
    ],
)
def test_a_process_that_fails_is_our_fault(tmp_path: Path, answer: Any) -> None:
    with pytest.raises(TrainingError):
        trainer(Pretender(answer), tmp_path).train(ORDER)
    assert not trainer(Pretender(), tmp_path).train(ORDER).remembered


def test_a_process_that_does_not_start_in_time_is_our_fault(tmp_path: Path) -> None:
    with pytest.raises(TrainingError):
        trainer(Pretender(to_data=LimitError("slow", timed_out=True)), tmp_path).train(ORDER)


def test_a_launcher_that_has_closed_is_our_fault_and_forgotten(tmp_path: Path) -> None:
    pretender = Pretender(SandboxError("it has ended"))
    closed = trainer(pretender, tmp_path)
    with pytest.raises(SandboxError):
        closed.train(ORDER)
    pretender.answer = ANSWER
    assert closed.train(ORDER).validation_accuracy == 0.6


def test_a_loss_that_became_nan_is_a_training_like_any_other(tmp_path: Path) -> None:
    history = ANSWER["history"] | {"loss": [1.0, float("nan")]}  # type: ignore[operator]
    trainer(Pretender({**ANSWER, "history": history}), tmp_path).train(ORDER)
    remembered = trainer(Pretender(), tmp_path).train(ORDER)
    assert remembered.remembered
    assert str(remembered.history["loss"]) == "(1.0, nan)"
