"""For each invariant, statements that break it behind the code's back."""

DROP_CHECKS = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
        WHERE contype = 'c' AND conrelid::regclass::text ~ '^(orders|logistics|aftersales)_' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.tab, c.conname);
    END LOOP;
    DROP INDEX one_live_deadline_per_kind;
    ALTER TABLE orders_entry DROP CONSTRAINT entry_posted_once;
END $$
"""

PAID = "(SELECT id FROM aftersales_case WHERE status = 'completed' LIMIT 1)"
ANY_OPEN = "(SELECT id FROM aftersales_case WHERE status = 'pending_merchant' ORDER BY id LIMIT 1)"
GONE = "(SELECT id FROM aftersales_case WHERE status = 'closed')"
OWED = (
    "INSERT INTO aftersales_goodsowed (case_id, cause, payer, rule, created_at, due_at, outcome, note)"
    f" VALUES ({GONE}, 'ended', 'buyer', 'withdrawn', now(), now(),"
)
PLANTS = {
    "a line's units and money in open cases are what its open cases hold": [
        "UPDATE orders_orderline SET amount_reserved = amount_reserved + 1 WHERE units_reserved > 0"
    ],
    "a line's units and money given back are what its cases gave back": [
        "UPDATE orders_orderline SET units_settled = 0 WHERE units_settled > 0"
    ],
    "an order's freight in cases and given back is what its cases hold and gave back": [
        "UPDATE orders_order SET freight_settled = 0 WHERE freight_settled > 0"
    ],
    "a line never gives back more units or money than were sold": ["UPDATE orders_orderline SET quantity = 0"],
    "an order never gives back more freight than was paid": ["UPDATE orders_order SET freight_amount = 0"],
    "an ended case holds nothing": [
        "UPDATE aftersales_caseline SET amount_held = 1 WHERE NOT is_open",
    ],
    "a payment holds its refunds under way and has given back its paid ones": [
        "UPDATE orders_payment SET settled = settled + 1"
    ],
    "a payment never gives back more than it captured": ["UPDATE orders_payment SET captured = 1"],
    "a lost dispute has taken from the payment what it did not pay in place of refunds, or it was paid twice": [
        "UPDATE orders_payment SET charged_back = 1, captured = captured + 1"
    ],
    "every journal entry sums to zero and has two sides": [
        "UPDATE orders_posting SET amount = amount + 1 WHERE id = (SELECT min(id) FROM orders_posting)"
    ],
    "account “refunds_due” is what the refunds and the receivables paid say": [
        "UPDATE aftersales_refund SET amount = amount + 1 WHERE status = 'queued'"
    ],
    "account “gateway” is what the refunds and the receivables paid say": [
        "UPDATE aftersales_refund SET status = 'failed' WHERE status = 'succeeded'"
    ],
    "account “bank” is what the refunds and the receivables paid say": [
        "UPDATE orders_posting SET account = 'bank' WHERE account = 'gateway'"
    ],
    "account “platform” is what the refunds and the receivables paid say": [
        "UPDATE orders_posting SET account = 'platform' WHERE account = 'gateway'"
    ],
    "account “guarantee” is what the refunds and the receivables paid say": [
        "UPDATE aftersales_refund SET payer = 'platform' WHERE status = 'succeeded'"
    ],
    "account “merchant” is what the refunds and the receivables paid say": [
        "UPDATE orders_posting SET account = 'platform' WHERE account = 'merchant'"
    ],
    "account “outside” is what the refunds and the receivables paid say": [
        "UPDATE orders_posting SET account = 'outside' WHERE account = 'gateway'"
    ],
    "each coin of a guarantee account, a lost dispute and a payment by hand is in the books once, and no other": [
        "INSERT INTO orders_entry (kind, reference, posted_at) VALUES ('deposit', 'IN-1', now())",
        "INSERT INTO orders_posting (entry_id, account, currency, amount)"
        " SELECT max(id), 'bank', 'CNY', 5 FROM orders_entry",
    ],
    "for each refund the guarantee account is charged what the platform has paid, and nothing else": [
        "UPDATE aftersales_refund SET payer = 'platform' WHERE status = 'succeeded'"
    ],
    "a completed case has paid what was agreed, less what it asks back, and all its refunds": [
        "UPDATE aftersales_case SET agreed_amount = agreed_amount + 1 WHERE status = 'completed'"
    ],
    "an ended case has given back, line by line and in freight, what it paid": [
        "UPDATE aftersales_caseline SET amount_settled = 0 WHERE amount_settled > 0"
    ],
    "a refunding case waits for a refund under way, a failed one for a refund that somebody must deal with": [
        "UPDATE aftersales_case SET status = 'refunding' WHERE status = 'refund_failed'"
    ],
    "no refund is under way for a case that does not refund, unless it was paid ahead and the case goes on": [
        "UPDATE aftersales_case SET status = 'inspecting' WHERE status = 'refunding'"
    ],
    "a case closed without a refund asks back all that it has paid ahead": [
        "UPDATE aftersales_case SET advanced_at = now(), instant_at = now(), status = 'closed', closed_at = now(),"
        " close_reason = 'expired' WHERE status = 'completed'"
    ],
    "only what was paid before the goods came is asked back, and never more": [
        "INSERT INTO aftersales_receivable (case_id, order_id, merchant_id, kind, debtor, creditor, currency, amount,"
        " rule, status, created_at, due_at, reference, note) SELECT id, order_id, merchant_id, 'clawback', 'buyer',"
        " 'merchant', currency, 1, '', 'open', now(), now(), '', '' FROM aftersales_case WHERE status = 'completed'"
    ],
    "what buyers paid after the sale is in payments, in lines and in price differences the same": [
        "UPDATE orders_orderline SET added_amount = 1"
    ],
    "a receivable is in the books once it is paid, and only then": [
        "INSERT INTO orders_entry (kind, reference, posted_at) VALUES ('receivable_paid', 'receivable/0', now())"
    ],
    "an ended case waits for no price difference and no price of a repair": [
        "INSERT INTO aftersales_receivable (case_id, order_id, merchant_id, kind, debtor, creditor, currency, amount,"
        " rule, status, created_at, due_at, reference, note) SELECT id, order_id, merchant_id, 'repair_fee', 'buyer',"
        " 'merchant', currency, 1, '', 'open', now(), now(), '', '' FROM aftersales_case WHERE status = 'completed'"
    ],
    "a case has at most one live deadline of a kind": [
        "INSERT INTO aftersales_deadline (case_id, kind, status, started_at, due_at, policy_id, calendar_version,"
        " pause_count, extension_count, tries, last_error) SELECT case_id, kind, status, started_at, due_at, policy_id,"
        " calendar_version, 0, 0, 0, '' FROM aftersales_deadline WHERE status = 'pending'"
    ],
    "a deadline has one outcome: ended with its time, or live without": [
        "UPDATE aftersales_deadline SET ended_at = NULL WHERE status = 'met'"
    ],
    "no deadline runs on an ended case": [
        f"UPDATE aftersales_deadline SET status = 'pending' WHERE case_id = {PAID}",
    ],
    "an open case runs under one deadline of each line that its state starts": [
        f"UPDATE aftersales_deadline SET status = 'missed' WHERE case_id = {ANY_OPEN} AND kind = 'merchant_response'"
    ],
    "no open case waits without a clock": [
        f"UPDATE aftersales_deadline SET status = 'fired' WHERE case_id = {ANY_OPEN} AND kind = 'merchant_response'"
    ],
    "a case runs, or pauses, only the deadlines of its state": [
        f"UPDATE aftersales_deadline SET kind = 'inspection' WHERE case_id = {ANY_OPEN} AND kind = 'merchant_response'"
    ],
    "a case shows the earliest deadline that runs": [
        f"UPDATE aftersales_case SET due_at = due_at + interval '1 hour' WHERE id = {ANY_OPEN}"
    ],
    "what a case shows as due is a running deadline of that kind": [
        f"UPDATE aftersales_case SET due_kind = 'offer' WHERE id = {ANY_OPEN}"
    ],
    "the last event of a case tells its state and version": [
        f"UPDATE aftersales_case SET version = version + 1 WHERE id = {ANY_OPEN}"
    ],
    "events follow each other without a gap, each move one version up": [
        f"UPDATE aftersales_event SET from_status = 'inspecting' WHERE case_id = {PAID} AND action = 'settle'"
    ],
    "a case is in its last round, and that round is decided when the case is": [
        "UPDATE aftersales_round SET outcome = 'open'"
    ],
    "an offer stands only while the buyer is asked, and then one does": ["UPDATE aftersales_offer SET status = 'void'"],
    "an approval is waited for only while the case stands where it was asked, for the sum that it asks": [
        f"UPDATE aftersales_approvalrequest SET case_id = {PAID}"
    ],
    "nobody has decided more in a day than they may": [
        "UPDATE aftersales_event SET role = 'agent', data = '{\"decided\": \"2000.01\"}' WHERE action = 'approve'"
    ],
    "no more of an order was decided without a second person than one person may decide": [
        "UPDATE aftersales_event SET role = 'agent', data = '{\"decided\": \"200.01\"}' WHERE action = 'approve'"
    ],
    "no person of finance has let go more in a day than one may alone": [
        "UPDATE aftersales_event SET data = '{\"alone\": \"100000.01\"}' WHERE action = 'approve'"
    ],
    "no more of an order was let go by one person of finance at a time than one may alone": [
        "UPDATE aftersales_event SET data = '{\"alone\": \"10000.01\"}' WHERE action = 'approve'"
    ],
    "a case line is open, and of the type, as its case": ["UPDATE aftersales_caseline SET is_open = NOT is_open"],
    "open cases about money alone ask for each unit of a line once": [
        "UPDATE aftersales_case SET type = 'compensation' WHERE status = 'pending_merchant'",
        "UPDATE aftersales_caseline SET units = 9 WHERE is_open",
    ],
    "what was converted goes on in a case that continues it, what was merged in the one that took it over": [
        "UPDATE aftersales_case SET close_reason = 'converted' WHERE status = 'closed'"
    ],
    "the board and its pending changes are the live counts": [
        "UPDATE aftersales_boardcount SET count = count + 1 WHERE kind = 'day'"
    ],
    "stock on hand, and what is reserved of it, is the sum of its movements": [
        "UPDATE logistics_stockitem SET on_hand = on_hand + 1"
    ],
    "no case has let go of more stock than it held": [
        "UPDATE logistics_stockmovement SET kind = 'dispatch' WHERE kind = 'reserve'"
    ],
    "what an ended case still holds was paid for or replaced, or is owed back": [
        "UPDATE aftersales_caseline SET units_here = 9 WHERE NOT is_open"
    ],
    "of an ended case every unit that an inspection saw is the merchant's, owed back, or back with the buyer": [
        "INSERT INTO aftersales_inspectedunit (case_line_id, round_number, index, condition, serial, tags_intact,"
        " disposition, is_accepted, note, inspected_at) SELECT id, 1, 1, 'used', '', true, 'to_buyer', false, '', now()"
        f" FROM aftersales_caseline WHERE case_id = {GONE}"
    ],
    "goods that were sent back left in a parcel to the buyer of their order": [f"{OWED} 'sent', '')"],
    "what was lost on its way to the buyer is neither stopped nor asked back": [
        "INSERT INTO logistics_parcel (merchant_id, order_id, direction, carrier, waybill, status, note, created_at)"
        " SELECT merchant_id, order_id, 'outbound', 'SF', 'L', 'lost', '', now()"
        f" FROM aftersales_case WHERE id = {ANY_OPEN}",
        "UPDATE orders_order SET signed_at = NULL, signed_told_by = '', status = 'shipped'",
        "UPDATE logistics_parcel SET status = 'lost' WHERE direction = 'outbound'",
        f"UPDATE aftersales_case SET status = 'awaiting_return' WHERE id = {ANY_OPEN}",
    ],
    "goods owed back name what they are": [f"{OWED} 'waiting', '')"],
}
