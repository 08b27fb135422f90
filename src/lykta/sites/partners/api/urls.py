from django.urls import path, re_path

from lykta.sites.partners.api.problems import not_found
from lykta.sites.partners.api.views import openapi, reports, status

urlpatterns = [
    path("v1/reports", reports),
    path("v1/reports/status", status),
    path("v1/openapi.json", openapi),
    re_path("", not_found),
]
