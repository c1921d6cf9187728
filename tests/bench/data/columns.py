"""Which columns the seed writes, and the numbers at which the ids of each table begin."""

# Numbers of tables lie apart, so that a replayed statement can tell an order's id from a case's.
BUYER, ORDER, LINE, PAYMENT, CASE = (base * 100_000_000 for base in (1, 2, 3, 5, 6))
MESSAGE = 100_000_000_000  # beyond every id of another table

COLUMNS = {
    "orders_buyer": "id,source,external_id,name,phone,phone_tail,email,level,created_at",
    "orders_order": (
        "id,number,source,external_number,merchant_id,buyer_id,currency,status,goods_amount,freight_amount,paid_amount,"
        "ordered_at,paid_at,shipped_at,signed_at,completed_at,receipt_due_at,receipt_left,receipt_hold_count,"
        "shipped_told_by,signed_told_by,"
        "discount_amount,surcharge_amount,freight_reserved,freight_settled,freight_elsewhere,receiver_name,"
        "receiver_phone,phone_tail,receiver_region,receiver_postcode,receiver_address,buyer_note,merchant_note,"
        "has_free_freight,insured_freight_amount,facts_digest,created_at"
    ),
    "orders_orderline": (
        "id,order_id,position,sku,title,variant,quantity,unit_price,paid_amount,units_reserved,amount_reserved,"
        "units_settled,amount_settled,external_id,category,is_gift,discount_amount,tax_amount,units_elsewhere,"
        "amount_elsewhere"
    ),
    "orders_payment": (
        "id,order_id,sequence,method,currency,captured,reserved,settled,reference,paid_at,"
        "instalment_count,elsewhere,points,gateway"
    ),
    "aftersales_case": (
        "id,number,order_id,merchant_id,buyer_id,currency,type,status,version,subject,reason_id,fault,freight_payer,"
        "goods_state,policy_id,requested_amount,agreed_amount,return_address_id,assignee_id,team_id,close_reason,"
        "opened_at,opened_on,moved_at,first_reply_at,approved_at,breached_at,closed_at,due_at,due_kind,"
        "round_number,description,freight_held,freight_settled,return_freight_amount,applied_role,reject_note,ruling,"
        "liable_party,reopened_count,suspension_cause"
    ),
    "aftersales_caseline": (
        "case_id,order_id,order_line_id,case_type,is_open,units,amount,units_received,units_accepted,units_held,"
        "amount_held,units_settled,amount_settled,policy_id"
    ),
    "aftersales_event": "case_id,happened_at,action,role,user_id,from_status,to_status,version,why,data",
    "aftersales_round": (
        "case_id,number,type,reason_id,amount,lines,description,applied_role,applied_at,outcome,decided_at,reject_note,"
        "goods_state"
    ),
    "aftersales_deadline": (
        'case_id,kind,status,started_at,due_at,"left",ended_at,pause_count,extension_count,policy_id,'
        "calendar_version,tries,last_error"
    ),
    "aftersales_refund": (
        "number,gateway,case_id,order_id,merchant_id,payment_id,currency,amount,status,created_at,ended_at,points,"
        "payer,tries,needs_person,gateway_reference,last_code,last_message,hand_reference"
    ),
    "aftersales_offer": "case_id,round_number,type,amount,note,status,made_role,made_at",
    "aftersales_message": "id,case_id,is_note,role,user_id,body,sent_at",
    "aftersales_searchdocument": "case_id,merchant_id,message_id,is_note,text",
}
