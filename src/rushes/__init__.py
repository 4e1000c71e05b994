"""Rushes: say what film you want; it plans it, shoots it, cuts it, measures it and shoots again what fell short."""

__version__ = "0.1.0"
