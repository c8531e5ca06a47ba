"""Every address of a page, in one table."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path
from django.views.i18n import set_language

from minqing.doors.web import choosing_place, following, own_data, reporting, resident, signing
from minqing.doors.web.admin.urls import urlpatterns as of_administrators
from minqing.doors.web.desk_urls import urlpatterns as of_desks

urlpatterns = [
    *of_administrators,
    path("", resident.home, name="home"),
    path("report", choosing_place.choose_place, name="report"),
    path("report/<str:place>", reporting.report_here, name="report-here"),
    path("receipt", reporting.receipt, name="receipt"),
    path("follow", following.follow, name="follow"),
    path("follow/own", own_data.own, name="own-data"),
    path("sign-in", account.login, name="sign-in"),
    path("sign-in", account.login, name="account_login"),
    path("sign-out", account.logout, name="account_logout"),
    path("me/password", account.password_change, name="account_change_password"),
    path("me/again", account.reauthenticate, name="account_reauthenticate"),
    path("me/inactive", account.account_inactive, name="account_inactive"),
    path("me/factors/", include("allauth.mfa.urls")),
    path("post", signing.choose, name="choose-post"),
    path("tongue", set_language, name="set_language"),
    *of_desks,
]
