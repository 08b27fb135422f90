from django.apps import AppConfig


class LetterboxConfig(AppConfig):
    name = "lykta.records.letterbox"
    label = "letterbox"
    default_auto_field = "django.db.models.BigAutoField"
