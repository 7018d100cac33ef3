"""Pages for people: made on the server, without scripts, for keyboards and screen readers, light and dark."""
