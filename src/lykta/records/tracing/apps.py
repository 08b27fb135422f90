from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "lykta.records.tracing"
    label = "tracing"
    default_auto_field = "django.db.models.BigAutoField"
