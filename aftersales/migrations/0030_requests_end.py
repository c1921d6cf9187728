"""A request for approval says what it would come to, and ends, with its reason, once something else would happen."""

from django.db import migrations, models
from django.db.models import Q

from aftersales.rules.vocabulary import CaseType, GivenAs, Status

# What waits where nothing is decided any more, or while the buyer is asked about other terms, has lived too long.
KEPT = """
UPDATE aftersales_approvalrequest a SET asked_in = 'pending_merchant', case_type = c.type, given_as = c.given_as,
    status = CASE WHEN a.status = 'pending' AND c.status <> 'pending_merchant' THEN 'void' ELSE a.status END
FROM aftersales_case c WHERE c.id = a.case_id;
UPDATE aftersales_approvalrequest SET ended_why = 'overtaken' WHERE status = 'void';
"""
# Deferred: within a move the case changes first, then what it has asked ends.
STANDS = """
CREATE FUNCTION desk_request_fits_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    strange text;
BEGIN
    SELECT c.number INTO strange FROM aftersales_approvalrequest a JOIN aftersales_case c ON c.id = a.case_id
    WHERE a.case_id = CASE TG_TABLE_NAME WHEN 'aftersales_case' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'case_id')::bigint END
        AND a.status = 'pending' AND c.status <> a.asked_in;
    IF FOUND THEN
        RAISE EXCEPTION 'case %: what a second person was asked for can no longer be done', strange
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pending_request_fits_its_case';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_fits_case_moved AFTER UPDATE ON aftersales_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status <> OLD.status)
    EXECUTE FUNCTION desk_request_fits_case();
CREATE CONSTRAINT TRIGGER request_fits_case_asked AFTER INSERT OR UPDATE ON aftersales_approvalrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'pending')
    EXECUTE FUNCTION desk_request_fits_case();
"""
NO_STANDS = """
DROP TRIGGER request_fits_case_asked ON aftersales_approvalrequest;
DROP TRIGGER request_fits_case_moved ON aftersales_case;
DROP FUNCTION desk_request_fits_case();
"""


def _text(name: str, length: int, choices: list[tuple[str, str]] | None = None) -> models.CharField:
    return models.CharField(name, max_length=length, choices=choices, blank=True, default="", db_default="")


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0029_bulk_rows_as_seen")]

    operations = [
        migrations.AddField("approvalrequest", "asked_in", _text("asked while", 20, Status.choices)),
        migrations.AddField("approvalrequest", "case_type", _text("as", 20, CaseType.choices)),
        migrations.AddField("approvalrequest", "given_as", _text("given as", 10, GivenAs.choices)),
        migrations.AddField("approvalrequest", "leads_to", _text("leads to", 20, Status.choices)),
        migrations.AddField("approvalrequest", "ended_at", models.DateTimeField("ended at", null=True, blank=True)),
        migrations.AddField("approvalrequest", "ended_by", _text("ended by", 40)),
        migrations.AddField(
            "approvalrequest",
            "ended_why",
            _text(
                "ended because",
                20,
                [
                    ("overtaken", "The case has gone on another way."),
                    ("other_sum", "Another sum would be given now."),
                    ("other_outcome", "Something else would happen now."),
                ],
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "approvalrequest",
            models.CheckConstraint(
                name="ended_request_says_why",
                condition=Q(status="void") & ~Q(ended_why="") | ~Q(status="void") & Q(ended_why=""),
            ),
        ),
        migrations.RunSQL(STANDS, NO_STANDS),
    ]
