"""Protocol kits that several ERPs share, public so that a stranger's connector is short."""
