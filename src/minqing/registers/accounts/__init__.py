"""Accounts: who acts. (Users, roles and tokens join with the doors; the kernel needs the Viewer already.)"""
