"""All settings, read from the environment; with nothing set, a safe local demo."""

import os
from datetime import timedelta
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from config import content_policy, logs, production
from config.process import embedded

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.VAR  # chosen by DESK_VAR

IS_PRODUCTION = production.is_asked_for(os.environ)
if IS_PRODUCTION:
    production.insist(os.environ)

SECRET_KEY = env("SECRET_KEY", default=production.DEMO_KEY)
DEBUG = env.bool("DEBUG", default=False) and not IS_PRODUCTION
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "heroicons",
    "axes",
    "csp",
    "simple_history",
    "config",
    "orders",
    "logistics",
    "aftersales",
    *("django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static"),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.content_policy.admin_content_policy",
    "config.request_policy.without_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.request_policy.renew_session",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "aftersales.preferences.speak_their_language",
    "aftersales.attendance.note_who_is_here",
    "aftersales.preferences.keep_their_time",
    "django.contrib.messages.middleware.MessageMiddleware",
    "aftersales.login_demands.second_factor_demanded",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "aftersales.rate_limits.RateLimits",
    "aftersales.views.people.confirmation.ConfirmedAgain",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Ours are stripped when they are loaded, those of the libraries stay as they are; each is compiled once.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "aftersales.context.desk",
            ],
        },
    },
]

# Database. Nobody waits more than 2 s for a row somebody else holds: the gate says so and the person tries again.
DATABASES = {"default": env.db_url("DATABASE_URL", default=embedded.database_url())}
DATABASES["default"]["OPTIONS"] = {
    # Compiling a statement takes the server longer than any of ours runs.
    "options": "-c lock_timeout=2000 -c jit=off",
    "connect_timeout": 5,
    "application_name": "aftersales",
    # Values travel apart, and a statement that comes a third time is sent by its name: docs/adr/0009.
    "server_side_binding": True,
    "prepare_threshold": 2,
    **DATABASES["default"].get("OPTIONS", {}),
}
CONN_SECONDS = env.int("DATABASE_CONN_SECONDS", default=600)
DATABASES["default"] |= {"CONN_MAX_AGE": CONN_SECONDS, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: broker and cache. Losing it loses nothing: rows are the queue.
REDIS_URL = env("REDIS_URL", default=embedded.broker_url())
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "desk",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# Celery is the clock; how it ticks, whatever the environment, stands in config/celery.py.
CELERY_BROKER_URL = production.celery_url(REDIS_URL)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_TIMEZONE = "Asia/Shanghai"

# People
AUTH_USER_MODEL = "aftersales.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "aftersales.queries.people.actors.DeskBackend"]
LOGIN_URL = "login"
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds; so long lives a link to set a password
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
VALIDATOR = "django.contrib.auth.password_validation.{}Validator"
PLAIN = ("UserAttributeSimilarity", "CommonPassword", "NumericPassword")
SHORTEST = {"NAME": VALIDATOR.format("MinimumLength"), "OPTIONS": {"min_length": 10}}
AUTH_PASSWORD_VALIDATORS = [SHORTEST, *({"NAME": VALIDATOR.format(name)} for name in PLAIN)]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else the page would promise an end that each try puts off
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_HTTP_RESPONSE_CODE = 429
# Behind a proxy every address would be the proxy's: one guesser would lock the name for everybody.
AXES_CLIENT_IP_CALLABLE = "config.request_policy.client_address"
AXES_VERBOSE = False
AXES_HANDLER = "aftersales.login_limits.LoginLimits"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ENABLE_ADMIN = False  # its pages would delete the log: aftersales.admin.logins shows it
# So many names may fail at one address before new ones are refused there; who has logged in from it before never is.
LOGIN_NAMES_PER_ADDRESS = env.int("LOGIN_NAMES_PER_ADDRESS", default=20)
# How often one person may, as aftersales.rate_limits counts it.
RATES = {"reveal": "30/10m", "search": "120/m", "upload": "120/10m", "export": "20/10m"}
RATE_LIMITS = RATES | env.json("RATE_LIMITS", default={})

OTP_TOTP_ISSUER = "Aftersales Desk"
# Who moves money has a second factor, and says who they are again before money or roles move.
SECOND_FACTOR_DEMANDED = env.bool("SECOND_FACTOR_DEMANDED", default=IS_PRODUCTION)
CONFIRM_AGAIN = env.bool("CONFIRM_AGAIN", default=IS_PRODUCTION)
CONFIRMED_FOR = timedelta(minutes=env.int("CONFIRMED_FOR_MINUTES", default=15))

# Sessions end when idle: after 30 minutes in production, 12 hours in the demo; config.request_policy renews them.
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=30 * 60 if IS_PRODUCTION else 12 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_PRODUCTION
CSRF_COOKIE_SECURE = IS_PRODUCTION
# A form that stayed open longer than its session gets a page that leads on.
CSRF_FAILURE_VIEW = "aftersales.views.error_pages.forged"

# HTTP
SECURE_SSL_REDIRECT = IS_PRODUCTION
# Probes ask the process itself, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if IS_PRODUCTION else 0)
# Preloading binds the whole domain for years: its owner's decision, not this program's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
CONTENT_SECURITY_POLICY = content_policy.STRICT
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes, without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes; larger ones go through a temporary file
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "config.temporary_uploads.OnDisk"]
FILE_UPLOAD_PERMISSIONS = 0o600

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_PRODUCTION
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
# A demo is never collected; production serves what was, hashed and compressed.
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
MEDIA_ROOT = VAR_DIR / "media"
EVIDENCE_ROOT = VAR_DIR / "evidence"  # private: served by a view that asks who is looking
SANDBOX_STORE = Path(env("SANDBOX_STORE", default=str(VAR_DIR / "sandbox.sqlite3")))  # books of the test bank
PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.Storage" if IS_PRODUCTION else PLAIN_STATIC_FILES},
}

EMAIL_URL = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_URL)
MAIL_IS_SET_UP = "EMAIL_URL" in os.environ

LOGGING = logs.to_stderr(env("LOG_LEVEL", default="WARNING"))
# The clock
CLOCK_SLEPT_AFTER = timedelta(minutes=env.int("CLOCK_SLEPT_AFTER_MINUTES", default=10))  # a longer gap is an outage
WAKE_WORKERS = env.bool("WAKE_WORKERS", default=True)  # tests have no broker to wake

# Live pages
LIVE_STREAMS = env.int("LIVE_STREAMS", default=400)  # event streams of one web process; above, browsers poll
LIVE_STREAMS_IN_THREADS = env.int("LIVE_STREAMS_IN_THREADS", default=0)  # where each holds a thread of the server

# Carriers
CARRIERS = env("CARRIERS", default="")  # accounts as JSON, see README; logistics.checks says what is wrong with them
PARCEL_QUIET_AFTER = timedelta(hours=env.int("PARCEL_QUIET_AFTER_HOURS", default=72))  # no scan for longer: stuck
GOODS_SILENT_AFTER = timedelta(days=env.int("GOODS_SILENT_AFTER_DAYS", default=30))  # longer: where they are is unknown

# The admin
UNFOLD = {
    **dict.fromkeys(("SITE_TITLE", "SITE_HEADER"), _("Aftersales Desk")),
    "SITE_SUBHEADER": _("Rules and people"),
    "DASHBOARD_CALLBACK": "aftersales.admin.home.with_tasks",
    "STYLES": ["aftersales.admin.look.style"],
    "SCRIPTS": ["aftersales.admin.look.script"],
    "THEME": "aftersales.admin.look.theme",
    "SHOW_HISTORY": True,
}
