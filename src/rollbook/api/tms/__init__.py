"""The TMS API 2.0 doorway."""
