"""Alarms, and what sets them off."""
