"""Open cases counted as they change, and what each line repeats of its case, kept by triggers."""

from django.db import migrations

# No join of the two transition tables: it is planned once a session with the sizes of its first call.
BOARD = """
CREATE FUNCTION desk_board() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO aftersales_boarddelta (status, merchant_id, assignee_id, opened_on, delta)
        SELECT status, merchant_id, coalesce(assignee_id, 0), opened_on, count(*)
        FROM fresh WHERE status NOT IN ('completed', 'closed') GROUP BY 1, 2, 3, 4;
        RETURN NULL;
    END IF;
    INSERT INTO aftersales_boarddelta (status, merchant_id, assignee_id, opened_on, delta)
    SELECT side.status, side.merchant_id, coalesce(side.assignee_id, 0), side.opened_on, sum(side.delta) FROM (
        SELECT status, merchant_id, assignee_id, opened_on, 1 AS delta FROM fresh
        UNION ALL
        SELECT status, merchant_id, assignee_id, opened_on, -1 FROM stale
    ) AS side
    WHERE side.status NOT IN ('completed', 'closed')
    GROUP BY 1, 2, 3, 4 HAVING sum(side.delta) <> 0;
    UPDATE aftersales_caseline l SET is_open = c.is_open, case_type = c.type FROM (
        SELECT id, type, status NOT IN ('completed', 'closed') AS is_open FROM fresh
        EXCEPT
        SELECT id, type, status NOT IN ('completed', 'closed') FROM stale
    ) c WHERE l.case_id = c.id;
    RETURN NULL;
END $$;
CREATE TRIGGER case_board_insert AFTER INSERT ON aftersales_case
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION desk_board();
CREATE TRIGGER case_board_update AFTER UPDATE ON aftersales_case
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION desk_board();
"""
NO_BOARD = """
DROP TRIGGER case_board_update ON aftersales_case; DROP TRIGGER case_board_insert ON aftersales_case;
DROP FUNCTION desk_board();
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0002_integrity")]

    operations = [migrations.RunSQL(BOARD, NO_BOARD)]
