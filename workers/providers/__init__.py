"""The image models behind the workers: one file for each way of asking."""
