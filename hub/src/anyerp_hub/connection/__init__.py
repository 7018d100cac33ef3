"""Connections that are remembered and watched: their states, their health, and how they are opened."""
