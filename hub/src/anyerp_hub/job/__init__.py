"""Jobs: large writes that survive whatever happens to the process that carries them out."""
