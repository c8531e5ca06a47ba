"""Who and where: regions, units, posts. (Accounts, vault and people join them.)"""
