"""Forecasts of start and volume: history in, distribution out, nothing kept."""
