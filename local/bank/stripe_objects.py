"""Stripe's objects as its API writes them, in the version below."""

from typing import Any

from local.bank.stripe_checkout import Checkout, Dispute, Payment, Refund, new_id, now

Json = dict[str, Any]
API_VERSION = "2026-10-28.endive"
DAY = 24 * 60 * 60
NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}
CARD = {"brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2034, "funding": "credit", "last4": "4242"}
# What all sessions have alike: hosted pages for one payment by card, of which nothing more was asked.
ALIKE: Json = {
    "adaptive_pricing": {"enabled": False},
    "after_expiration": None,
    "allow_promotion_codes": None,
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "billing_address_collection": None,
    "client_secret": None,
    "collected_information": None,
    "consent": None,
    "consent_collection": None,
    "currency_conversion": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "customer": None,
    "customer_creation": "if_required",
    "discounts": [],
    "invoice": None,
    "invoice_creation": {"enabled": False, "invoice_data": {"metadata": {}}},
    "livemode": False,
    "mode": "payment",
    "origin_context": None,
    "payment_link": None,
    "payment_method_collection": "if_required",
    "payment_method_configuration_details": None,
    "payment_method_options": {},
    "payment_method_types": ["card"],
    "permissions": None,
    "phone_number_collection": {"enabled": False},
    "recovered_from": None,
    "redirect_on_completion": "always",
    "saved_payment_method_options": None,
    "setup_intent": None,
    "shipping_address_collection": None,
    "shipping_cost": None,
    "shipping_options": [],
    "subscription": None,
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "ui_mode": "hosted_page",
    "wallet_options": None,
}


def session(checkout: Checkout) -> Json:
    params = checkout.params
    person = {"email": params.email or "customer@example.com", "name": None, "phone": None, "address": None}
    return {
        **ALIKE,
        "id": checkout.id,
        "object": "checkout.session",
        "amount_subtotal": checkout.amount,
        "amount_total": checkout.amount,
        "cancel_url": params.cancel_url,
        "client_reference_id": params.reference,
        "created": checkout.created,
        "currency": params.currency,
        "customer_details": person if checkout.payment else None,
        "customer_email": params.email,
        "expires_at": params.expires_at,
        "locale": params.locale,
        "metadata": params.metadata,
        "payment_intent": checkout.payment.id if checkout.payment else None,
        "payment_status": checkout.payment_status,
        "status": checkout.status,
        "submit_type": params.submit_type,
        "success_url": params.success_url,
        "url": checkout.url if checkout.is_open else None,
    }


def line_items(checkout: Checkout) -> Json:
    lines = [
        {
            "id": f"li_{checkout.id[-14:]}{place}",
            "object": "item",
            "amount_discount": 0,
            "amount_subtotal": line.unit_amount * line.quantity,
            "amount_tax": 0,
            "amount_total": line.unit_amount * line.quantity,
            "currency": line.currency,
            "description": line.name,
            "metadata": {},
            "price": None,
            "quantity": line.quantity,
        }
        for place, line in enumerate(checkout.params.lines)
    ]
    url = f"/v1/checkout/sessions/{checkout.id}/line_items"
    return {"object": "list", "url": url, "has_more": False, "data": lines}


def intent(checkout: Checkout, payment: Payment) -> Json:
    return {
        "id": payment.id,
        "object": "payment_intent",
        "amount": payment.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": payment.amount if payment.status == "succeeded" else 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{payment.id}_secret_local",
        "confirmation_method": "automatic",
        "created": payment.created,
        "currency": checkout.params.currency,
        "customer": None,
        "description": checkout.params.description,
        "last_payment_error": None,
        "latest_charge": payment.charge_id,
        "livemode": False,
        "metadata": checkout.params.intent_metadata,
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": f"pm_{payment.id[3:]}",
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_record": None,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": payment.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(checkout: Checkout, payment: Payment) -> Json:
    return {
        "id": payment.charge_id,
        "object": "charge",
        "amount": payment.amount,
        "amount_captured": payment.amount,
        "amount_refunded": payment.refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": f"txn_{payment.charge_id[3:]}",
        "billing_details": {"address": NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": "LOCAL BANK",
        "captured": True,
        "created": payment.created,
        "currency": checkout.params.currency,
        "customer": None,
        "description": checkout.params.description,
        "disputed": payment.dispute is not None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": checkout.params.intent_metadata,
        "on_behalf_of": None,
        "outcome": {"network_status": "approved_by_network", "risk_level": "normal", "type": "authorized"},
        "paid": True,
        "payment_intent": payment.id,
        "payment_method": f"pm_{payment.id[3:]}",
        "payment_method_details": {"card": CARD, "type": "card"},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": payment.left == 0,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded",
        "transfer": None,
        "transfer_data": None,
        "transfer_group": None,
    }


def refund(checkout: Checkout, payment: Payment, made: Refund) -> Json:
    return {
        "id": made.id,
        "object": "refund",
        "amount": made.amount,
        "balance_transaction": f"txn_{made.id[3:]}",
        "charge": payment.charge_id,
        "created": made.created,
        "currency": checkout.params.currency,
        "customer": None,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "failure_balance_transaction": None,
        "metadata": made.metadata,
        "payment_intent": payment.id,
        "payment_method": f"pm_{payment.id[3:]}",
        "pending_reason": "processing" if made.status == "pending" else None,
        "reason": made.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": made.status,
        "transfer_reversal": None,
    }


def dispute(checkout: Checkout, payment: Payment, opened: Dispute) -> Json:
    answer_by = opened.created + 7 * DAY
    return {
        "id": opened.id,
        "object": "dispute",
        "amount": opened.amount,
        "balance_transactions": [],
        "charge": payment.charge_id,
        "created": opened.created,
        "currency": checkout.params.currency,
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": answer_by,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": payment.id,
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": "fraudulent",
        "status": opened.status,
    }


def event(kind: str, thing: Json, previous: Json | None = None) -> Json:
    """Say that something has happened to a thing; `previous` holds what it was where it changed."""
    return {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": {"object": thing, **({"previous_attributes": previous} if previous else {})},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
