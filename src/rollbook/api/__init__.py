"""Doorways that speak HTTP interfaces."""
