from django.urls import path, re_path

from lykta.sites.partners.hashsharing import views
from lykta.sites.partners.hashsharing.views import endpoint

urlpatterns = [
    path("status", endpoint("GET", views.status)),
    path("members", endpoint("GET", views.members)),
    path("entries", endpoint("GET", views.entries)),
    path("feedback/<str:fingerprint>/reasons", endpoint("GET", views.reasons)),
    path("entries/<int:member>/<uuid:entry>/<str:fingerprint>/feedback", endpoint("PUT", views.feedback)),
    re_path("", endpoint("GET", views.unknown_address)),
]
