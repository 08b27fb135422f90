from django.apps import AppConfig


class StepsConfig(AppConfig):
    name = "lykta.records.steps"
    label = "steps"
    default_auto_field = "django.db.models.BigAutoField"
