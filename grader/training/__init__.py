"""Models from subjects: vetted, rebuilt and trained, and the accuracies of those already trained.

Nothing here imports Keras until a model is really rebuilt; training happens in a process of its own.
"""

from grader.training.client import Trainer
from grader.training.data import TrainingData, read_dataset, read_training_part
from grader.training.examination import ConfidentMistake, Examination
from grader.training.memory import Memory
from grader.training.orders import Trained, TrainingOrder, order_for, training_key
from grader.training.rebuilding import rebuild_answer
from grader.training.vet import cleaned, cleaned_answer, vet

__all__ = [
    "ConfidentMistake",
    "Examination",
    "Memory",
    "Trained",
    "Trainer",
    "TrainingData",
    "TrainingOrder",
    "cleaned",
    "cleaned_answer",
    "order_for",
    "read_dataset",
    "read_training_part",
    "rebuild_answer",
    "training_key",
    "vet",
]
