"""The WSGI application: what a web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from config.process import garbage_collection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
garbage_collection.settle()
