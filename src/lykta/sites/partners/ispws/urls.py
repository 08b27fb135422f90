from django.urls import path, re_path

from lykta.sites.partners.ispws import views
from lykta.sites.partners.ispws.views import endpoint

urlpatterns = [
    path("status", endpoint("GET", views.status)),
    path("xsd", endpoint("GET", views.xsd)),
    path("submit", endpoint("POST", views.submit)),
    path("upload", endpoint("POST", views.upload)),
    path("fileinfo", endpoint("POST", views.fileinfo)),
    path("finish", endpoint("POST", views.finish, done=True)),
    path("retract", endpoint("POST", views.retract)),
    re_path("", endpoint("GET", views.unknown_address)),
]
