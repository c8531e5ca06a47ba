"""Addresses of the administrator's and the auditor's pages."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web.admin import (
    access,
    calendar,
    health,
    mappings,
    methods,
    people,
    posts,
    region_import,
    regions,
    trying,
    units,
)

urlpatterns = [
    path("admin", units.overview, name="admin"),
    path("admin/units", units.listing, name="admin-units"),
    path("admin/units/<slug:slug>", units.one, name="admin-unit"),
    path("admin/units/<slug:slug>/open", posts.opened, name="admin-post-open"),
    path("admin/posts", posts.listing, name="admin-posts"),
    path("admin/posts/<int:post>/end", posts.ended, name="admin-post-end"),
    path("admin/posts/<int:post>/leave", posts.leave, name="admin-post-leave"),
    path("admin/people", people.listing, name="admin-people"),
    path("admin/people/add", people.added, name="admin-person-add"),
    path("admin/people/who/<str:login>", people.one, name="admin-person"),
    path("admin/methods", methods.listing, name="admin-methods"),
    path("admin/methods/new", methods.new_version, name="admin-method-new"),
    path("admin/methods/try", trying.tried, name="admin-method-try"),
    path("admin/methods/of/<slug:slug>", methods.one, name="admin-method"),
    path("admin/methods/of/<slug:slug>/diff", methods.differing, name="admin-method-diff"),
    path("admin/methods/of/<slug:slug>/file/<str:version>", methods.file, name="admin-method-file"),
    path("admin/access", access.listing, name="admin-access"),
    path("admin/regions", regions.listing, name="admin-regions"),
    path("admin/regions/list", regions.file, name="admin-region-list"),
    path("admin/regions/import", region_import.imported, name="admin-region-import"),
    path("admin/mappings", mappings.tried, name="admin-mappings"),
    path("admin/health", health.look, name="admin-health"),
    path("admin/calendar", calendar.year, name="admin-calendar"),
]
