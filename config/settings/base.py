"""Settings shared by every way of running; what may differ comes from the environment."""

from pathlib import Path

from csp.constants import NONE as CSP_NONE
from csp.constants import SELF as CSP_SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("DEBUG", default=False)
PORT = env.text("PORT", default="8000")
if not PORT.isdigit():
    raise ImproperlyConfigured(f"PORT must be a number; it is {PORT!r}.")
SITE_URL = env.web_address("SITE_URL", default=f"http://localhost:{PORT}")
IRI_BASE_AT_FIRST_START = env.web_address("IRI_BASE", default=SITE_URL)
SECRET_KEY = env.secret_key(file=VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.names("TRUSTED_PROXIES", default=[])
METRICS_TOKEN = env.text("METRICS_TOKEN")
TOKEN_ISSUER_HOSTS = env.names("TOKEN_ISSUER_HOSTS", default=[])
SEARCH_URL = env.service_address("SEARCH_URL", schemes={"http", "https"})
REDIS_URL = env.service_address("REDIS_URL", schemes={"redis", "rediss"})
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "search",
    "workforce",
    "learning",
    "assessments",
    "discussions",
    "records",
    "competencies",
    "lrs",
    "cms",
    "organisations",
    "config",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.table_block",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.record_store.RecordStoreRoad",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.KeepPrivatePages",
    "config.middleware.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.BodyLimit",
    "config.middleware.NoNul",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.AdminWalls",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "config.middleware.PageForWrongMethod",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.database(default_file=VAR_DIR / "careweave.sqlite3")}

# Rate limits are counted here, so every process has to see the same one.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "config.caches.SharedFolderCache",
            "LOCATION": str(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    )
}

# What a page may load: nothing from another host. Wagtail's own pages write styles and scripts
# into the page; forms may go to another host's sign-in.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/", "/xapi/", "/api/docs", "/documents/", "/media/"),
    "DIRECTIVES": {
        "default-src": [CSP_SELF],
        "img-src": [CSP_SELF, "data:"],
        "object-src": [CSP_NONE],
        "base-uri": [CSP_SELF],
        "frame-ancestors": [CSP_SELF],
    },
}

# People and signing in -----------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "organisations.adapters.PasswordBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_ADAPTER = "organisations.adapters.AccountAdapter"
ACCOUNT_USER_DISPLAY = "organisations.adapters.person_display"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_MAX_EMAIL_ADDRESSES = 10
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    # a hospital's people share one address, so the limits by address are wide
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "reset_password": "30/m/ip,3/m/key",
}
_FORMS = "organisations.forms.signing_in."
ACCOUNT_FORMS = {
    "login": _FORMS + "LoginForm",
    "signup": _FORMS + "SignupForm",
    "add_email": _FORMS + "AddEmailForm",
    "change_password": _FORMS + "ChangePasswordForm",
    "set_password": _FORMS + "SetPasswordForm",
    "reset_password": _FORMS + "ResetPasswordForm",
    "reset_password_from_key": _FORMS + "ResetPasswordKeyForm",
    "reauthenticate": _FORMS + "ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": _FORMS + "CodeForm",
    "reauthenticate": _FORMS + "CodeAgainForm",
    "activate_totp": _FORMS + "ActivateAppForm",
    "add_webauthn": _FORMS + "AddPasskeyForm",
    "edit_webauthn": _FORMS + "RenamePasskeyForm",
}
SIGN_UP_OPEN = env.flag("SIGN_UP_OPEN", default=True)
MFA_ADAPTER = "organisations.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://localhost")
MFA_TOTP_ISSUER = "Careweave"

CONTENT_APPS = ["cms", "competencies", "assessments", "discussions", "learning"]

# Languages -----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("cy", _("Welsh")), ("ar", _("Arabic"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "cms" / "locale", BASE_DIR / "cms" / "locale_of_packages"]
TIME_ZONE = "Europe/London"
USE_I18N = True
FORMAT_MODULE_PATH = ["cms.formats"]
USE_TZ = True

# Files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
ASSETS_DIR = BASE_DIR / "static-build"
ASSETS_DIR.mkdir(exist_ok=True)
STATICFILES_DIRS = [ASSETS_DIR]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_BODY_BYTES = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Wagtail -------------------------------------------------------------------------------
WAGTAILIMAGES_IMAGE_MODEL = "cms.LicensedImage"
WAGTAIL_SITE_NAME = "Careweave"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends"}}
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = True

# E-mail --------------------------------------------------------------------------------
globals().update(env.email(folder=VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Careweave <careweave@localhost>")

# Background work -----------------------------------------------------------------------
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# where statements may be sent beside the open internet by https; on one's own machine, to itself
SENDING_HOSTS = [
    name.lower()
    for name in env.names(
        "SENDING_HOSTS",
        default=["localhost", "127.0.0.1"] if SITE_URL.startswith("http://localhost") else [],
    )
]
RECORDS_NUDGE_SECONDS = 1.0  # how long a worker waits for more statements from outside
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "records": {"task": "records.catch_up", "schedule": 10},
    "scheduled pages": {"task": "cms.publish_scheduled", "schedule": 60},
    "addresses": {"task": "records.link_known_addresses", "schedule": 60 * 60},
    "courses": {"task": "learning.settle_all_courses", "schedule": 60 * 60},
    "invitations": {"task": "organisations.tasks.mail_waiting_invitations", "schedule": 300},
    "discussions": {"task": "discussions.tasks.sweep_discussions", "schedule": 300},
    "actors": {"task": "lrs.learn_actors", "schedule": 60},
    "credentials": {"task": "lrs.sweep_credentials", "schedule": 60 * 60},
    "partitions": {"task": "lrs.keep_partitions_ahead", "schedule": 60 * 60},
    "acts on stores": {"task": "lrs.carry_out_acts", "schedule": 300},
    "retention": {"task": "lrs.apply_policies", "schedule": 24 * 60 * 60},
    "store sizes": {"task": "lrs.count_stores", "schedule": 6 * 60 * 60},
    "sending": {"task": "lrs.sweep_sending", "schedule": 5, "options": {"expires": 10}},
    "people": {"task": "organisations.tasks.keep_people_in_order", "schedule": 60 * 60},
}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    BROKER_DIR = VAR_DIR / "broker"
    for _part in ("messages", "processed", "control"):
        (BROKER_DIR / _part).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,
    }

# Safety --------------------------------------------------------------------------------
if SITE_URL.startswith("https://"):
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
LANGUAGE_COOKIE_SAMESITE = "Lax"

SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "kombu.connection": {"level": "ERROR"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
