"""What each process of the server loads: ports bound, its own way to the database, then the application.

A process attaches itself: one that was killed is replaced by another that comes through here. Where the database does
not answer at this moment it starts all the same, so that /readyz can say so; the keeper brings it back.
"""

from __future__ import annotations

import atexit
import os

import django
from django.core.wsgi import get_wsgi_application

from minqing.wiring.encodings import in_utf8
from minqing.wiring.keeping import keep, keep_figures, watch
from minqing.wiring.ports import bind_ports
from minqing.wiring.receiving import Receiver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
bind_ports()
django.setup()
watch()
keep()
atexit.register(keep_figures)
application = Receiver(in_utf8(get_wsgi_application()))
