"""Stand-ins for VNPAY, Stripe and an exchange-rate source; nothing here knows the studio."""
