"""What clients see: Strawberry types per area, printed for AppSync. Lambda code never imports it."""
