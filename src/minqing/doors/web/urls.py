"""Every address of a page, in one table."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from minqing.doors.web import gallery
from minqing.doors.web.account.urls import urlpatterns as of_accounts
from minqing.doors.web.admin.urls import urlpatterns as of_administrators
from minqing.doors.web.desk.urls import urlpatterns as of_desks
from minqing.doors.web.matter.urls import urlpatterns as of_matters
from minqing.doors.web.pages import open_page
from minqing.doors.web.reception.urls import urlpatterns as of_receptions
from minqing.doors.web.resident import choosing_place, following, home, own_data, receipts, reporting

urlpatterns = [
    *of_administrators,
    path("", home.home, name="home"),
    path("report", choosing_place.choose_place, name="report"),
    path("report/<str:place>", reporting.report_here, name="report-here"),
    path("report/<str:place>/sheet", receipts.sheet, name="place-sheet"),
    path("receipt", receipts.receipt, name="receipt"),
    path("follow", following.follow, name="follow"),
    path("follow/own", own_data.own, name="own-data"),
    *of_accounts,
    path("gallery", gallery.gallery, name="gallery"),
    path("tongue", open_page(set_language), name="set_language"),
    *of_desks,
    *of_matters,
    *of_receptions,
]
