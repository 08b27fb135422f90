"""What an import checker cannot see: reverse relations, models by name, signals."""

import ast
from pathlib import Path

from django.apps import apps
from django.db import models
from tests.house.source import SOURCE, modules, name, tree

OURS = [config for config in apps.get_app_configs() if config.name.startswith("lykta.")]


def relations() -> dict[str, bool]:
    """Every field of ours that leads to a model of ours in another app, and whether that model sees it."""
    labels = {config.label for config in OURS}
    return {
        str(field): not field.remote_field.hidden
        for config in OURS
        for model in config.get_models()
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model._meta.app_label in labels - {config.label}
    }


def test_there_are_relations_to_look_at() -> None:
    assert len(relations()) >= 3


def test_a_lower_shelf_does_not_see_who_points_at_it() -> None:
    assert [name for name, is_seen in relations().items() if is_seen] == []


def hidden_arrows(path: Path) -> list[str]:
    """Imports of signals, and models that are fetched by name."""
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            found += [node.module or ""]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and node.attr == "get_model":
            found += ["get_model"]
    return [word for word in found if word.endswith("signals") or word in {"django.dispatch", "get_model"}]


def test_nothing_listens_to_signals_or_fetches_models_by_name() -> None:
    assert {name(path): hidden_arrows(path) for path in modules() if hidden_arrows(path)} == {}


def test_each_app_of_ours_says_its_label() -> None:
    assert all((SOURCE / "records" / config.label).is_dir() for config in OURS)
