"""What is owed and given in kind belongs to the order, the merchant and the currency of its case."""

from django.db import migrations

SAME_TENANT = """
ALTER TABLE aftersales_demand ADD CONSTRAINT demand_of_order_of_case
    FOREIGN KEY (case_id, order_id) REFERENCES aftersales_case (id, order_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_demand ADD CONSTRAINT demand_of_merchant_and_currency_of_order
    FOREIGN KEY (order_id, merchant_id, currency) REFERENCES orders_order (id, merchant_id, currency) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_coupon ADD CONSTRAINT coupon_of_merchant_of_case
    FOREIGN KEY (case_id, merchant_id) REFERENCES aftersales_case (id, merchant_id) DEFERRABLE INITIALLY DEFERRED;
"""
BACK = """
ALTER TABLE aftersales_coupon DROP CONSTRAINT coupon_of_merchant_of_case;
ALTER TABLE aftersales_demand DROP CONSTRAINT demand_of_merchant_and_currency_of_order;
ALTER TABLE aftersales_demand DROP CONSTRAINT demand_of_order_of_case;
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0007_valid_and_indexed"), ("orders", "0003_bundles_and_invoices")]

    operations = [migrations.RunSQL(SAME_TENANT, BACK)]
