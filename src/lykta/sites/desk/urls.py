"""Every address of the desk. What is not here does not exist; who may open it is said in `gate` and by each view."""

from allauth.account.views import LoginView, LogoutView, PasswordChangeView, ReauthenticateView
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import DeactivateTOTPView
from django.urls import path, reverse_lazy

from lykta.sites.desk import (
    answering,
    approvals,
    assessing,
    attachments,
    bundles,
    calibrating,
    cases,
    figures,
    hosts,
    items,
    keeping,
    links,
    opinions,
    progress,
    queue,
    recipients,
    referrals,
    system,
    typing_in,
)
from lykta.sites.desk.accounts import ActivateFactor

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/contact/", cases.contact, name="contact"),
    path("cases/<int:number>/answer/", answering.answer, name="answer"),
    path("cases/<int:number>/close/", answering.close, name="close"),
    path("cases/<int:number>/keeping/", keeping.keeping, name="keeping"),
    path("cases/<int:number>/hold/", keeping.hold, name="hold"),
    path("cases/<int:number>/lift/", keeping.lift, name="lift"),
    path("cases/<int:number>/forget/", keeping.forget, name="forget"),
    path("cases/<int:number>/bundle/", bundles.bundle, name="bundle"),
    path("forgotten/", keeping.forgotten, name="forgotten"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:number>/decide/", approvals.decide, name="decide-approval"),
    path("files/<int:number>/", attachments.download, name="download"),
    path("files/<int:number>/read/", attachments.read_here, name="read-here"),
    path("items/<int:number>/", items.item, name="item"),
    path("items/<int:number>/trace/", items.trace_again, name="trace-again"),
    path("items/<int:number>/take-back/", items.take_back, name="take-back"),
    path("items/<int:number>/assess/", assessing.assess, name="assess"),
    path("items/<int:number>/preview/", assessing.preview, name="preview"),
    path("items/<int:number>/confirm/", assessing.confirm, name="confirm"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("opinions/<int:number>/", opinions.opinion, name="opinion"),
    path("opinions/<int:number>/decide/", opinions.decide, name="decide"),
    path("opinions/agreement/", opinions.agreement, name="agreement"),
    path("calibration/", calibrating.calibration, name="calibration"),
    path("calibration/<int:number>/", calibrating.case, name="calibration-case"),
    path("hosts/", hosts.host, name="host"),
    path("networks/<int:number>/", hosts.network, name="network"),
    path("tracing/", progress.progress, name="progress"),
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/<int:number>/readdress/", referrals.readdress, name="readdress"),
    path("type-in/", typing_in.type_in, name="type-in"),
    path("recipients/", recipients.recipients, name="recipients"),
    path("recipients/<int:number>/", recipients.recipient, name="recipient"),
    path("recipients/keep/", recipients.keep, name="keep-recipient"),
    path("links/", links.links, name="links"),
    path("links/add/", links.add, name="add-link"),
    path("links/<int:number>/", links.link, name="link"),
    path("links/<int:number>/sites/", links.sites, name="link-sites"),
    path("links/<int:number>/take-away/", links.take_away, name="take-link-away"),
    path("links/<int:number>/picture/", links.picture, name="link-picture"),
    path("links/<int:number>/sheet/", links.sheet, name="link-sheet"),
    path("figures/", figures.figures, name="figures"),
    path("system/", system.system, name="system"),
    path("system/verify/", system.verify, name="verify"),
    path("system/steps/<int:number>/again/", system.again, name="again"),
    path("log-in/", LoginView.as_view(template_name="log_in.html"), name="account_login"),
    path("log-in/code/", factor.AuthenticateView.as_view(template_name="code.html"), name="mfa_authenticate"),
    path("log-out/", LogoutView.as_view(template_name="log_out.html"), name="account_logout"),
    path("account/", factor.IndexView.as_view(template_name="account.html"), name="mfa_index"),
    path("account/again/", ReauthenticateView.as_view(template_name="again.html"), name="account_reauthenticate"),
    path(
        "account/again/code/", factor.ReauthenticateView.as_view(template_name="again.html"), name="mfa_reauthenticate"
    ),
    path(
        "account/password/",
        PasswordChangeView.as_view(template_name="password.html", success_url=reverse_lazy("mfa_index")),
        name="account_change_password",
    ),
    path("account/factor/", ActivateFactor.as_view(), name="mfa_activate_totp"),
    path(
        "account/factor/remove/",
        DeactivateTOTPView.as_view(template_name="factor_remove.html"),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/codes/", ViewRecoveryCodesView.as_view(template_name="recovery.html"), name="mfa_view_recovery_codes"
    ),
    path(
        "account/codes/new/",
        GenerateRecoveryCodesView.as_view(template_name="recovery_new.html"),
        name="mfa_generate_recovery_codes",
    ),
]

handler400 = "lykta.sites.desk.problems.bad_request"
handler404 = "lykta.sites.desk.problems.not_found"
handler429 = "lykta.sites.desk.problems.too_many"
handler500 = "lykta.sites.desk.problems.fault"
