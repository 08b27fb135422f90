from django.apps import AppConfig


class OfferingConfig(AppConfig):
    name = "lykta.records.offering"
    label = "offering"
    default_auto_field = "django.db.models.BigAutoField"
