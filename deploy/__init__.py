"""What stands around an instance: how it is started, archived and doubled."""
