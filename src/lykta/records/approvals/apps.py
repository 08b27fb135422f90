from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "lykta.records.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
