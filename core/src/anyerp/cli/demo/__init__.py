"""`anyerp demo`: one program, every installed ERP, on screen. Everything that it starts it stops again."""

from anyerp.cli.demo.show import demo

__all__ = ["demo"]
