"""A paper as an answer to a browser: shown by it, kept by nobody on the way."""

from __future__ import annotations

from django.http import HttpResponse

from minqing.tools.letters.typesetting import typesetter
from minqing.tools.letters.values import Paper


def pdf_answer(paper: Paper, name: str) -> HttpResponse:
    """The PDF; `name` without its ending, in letters and digits."""
    shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(typesetter().pdf(paper), content_type="application/pdf", headers=shown)
