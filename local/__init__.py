"""The whole stack on one machine: an AWS emulator, AppSync's data plane, model endpoints."""
