"""The desk: staff only. Log-in, second factor and sessions are django-allauth's."""

from lykta.config.environment import LOOKING, environment, home, secret
from lykta.config.settings.base import SOURCE, templates
from lykta.config.settings.staff import *  # noqa: F403
from lykta.config.settings.staff import INSTALLED_APPS as RECORDS_APPS
from lykta.config.settings.staff import LOCALE_PATHS as PUBLIC_LOCALE_PATHS
from lykta.connectors.web.viewing import SocketViewer

INSTALLED_APPS = [
    *RECORDS_APPS,
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
SECRET_KEY = secret("desk-secret").decode()
HOTLINE_PUBLIC_KEY = secret("hotline.pub")  # closes what staff type in; nothing here opens it again
VIEWER = SocketViewer(home() / LOOKING)
BUNDLE_KEY = secret("bundle.asc")  # signs what leaves in a bundle
ROOT_URLCONF = "lykta.sites.desk.urls"
DESK_LANGUAGES = [("sv", "Svenska"), ("en", "English")]  # those with a catalogue; the form speaks many more
# Posters and answers to reporters are in the words of the public catalogue; what both say stands in that one only.
LOCALE_PATHS = [SOURCE / "sites" / "desk" / "locale", *PUBLIC_LOCALE_PATHS]
TEMPLATES = templates(
    "desk",
    context=[
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "lykta.sites.desk.context.page",
    ],
)
TEMPLATES[0]["OPTIONS"]["builtins"] = ["django.templatetags.i18n", "lykta.sites.desk.reading"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATICFILES_DIRS = [SOURCE / "sites" / face / "static" for face in ("common", "desk")]
WHITENOISE_USE_FINDERS = True
MIDDLEWARE = [
    "lykta.sites.desk.headers.desk_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lykta.sites.desk.gate.staff_only",
    "lykta.sites.desk.language.by_person",
    "allauth.account.middleware.AccountMiddleware",
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

_secure = environment().url("desk").startswith("https://")
SESSION_COOKIE_AGE = environment().session_minutes * 60
SESSION_IDLE = environment().idle_minutes * 60
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
# Such a cookie comes of this host over TLS, and of no neighbour below its domain.
_prefix = "__Host-" if _secure else ""
SESSION_COOKIE_NAME = f"{_prefix}desk"
SESSION_ENGINE = "lykta.sites.desk.session_store"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # what was said is in no cookie
CSRF_COOKIE_NAME = f"{_prefix}desk-form"
KNOWN_BROWSER_COOKIE_NAME = f"{_prefix}desk-known"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lykta.sites.desk.problems.csrf_failure"

LOGIN_URL = "/log-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lykta.sites.desk.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, or after SESSION_COOKIE_AGE
# Never by address: behind a proxy all staff have the same one. The key is made in `Adapter`.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/m/key"}
MFA_ADAPTER = "lykta.sites.desk.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a key alone, found on a table, opens nothing
MFA_RATE_LIMITS = {"webauthn_login": None}  # a signature cannot be guessed; see above for addresses
MFA_FORMS = {"add_webauthn": "lykta.sites.desk.passkeys.AddKeyForm"}
MFA_TOTP_ISSUER = environment().name
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lykta.sites.desk.passwords.NoHouseWords"},
]
