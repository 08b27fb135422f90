from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "lykta.records.results"
    label = "results"
    default_auto_field = "django.db.models.BigAutoField"
