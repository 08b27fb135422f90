from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lykta.records.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
