"""What each process of the server loads: ports bound, its own way to the database, then the application.

A process attaches itself: one that was killed is replaced by another that comes through here. Where the database does
not answer at this moment it starts all the same, so that /readyz can say so; the keeper brings it back.
"""

from __future__ import annotations

import os

import django
from django.core.wsgi import get_wsgi_application

from minqing.wiring.encodings import in_utf8
from minqing.wiring.keeping import keep, watch
from minqing.wiring.ports import bind_ports

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
bind_ports()
django.setup()
watch()
keep()
application = in_utf8(get_wsgi_application())
