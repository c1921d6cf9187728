"""Texts that search looks into, kept by triggers and filled for what is there; see docs/adr/0017. Events by who did them."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction
from django.db.models import F, Func, Q

BATCH = 20_000  # cases

# Words by PostgreSQL's own English stems; whatever is written without blanks, emoji too, in pairs of signs. The
# ranges of numbers let a frequent word be asked for among the newest passages alone: GIN skips to where both lists meet.
TERMS = r"""
CREATE FUNCTION desk_terms(body text, merchant_id bigint, id bigint) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    terms text[] := ARRAY['/m' || merchant_id, '/b' || (id >> 10), '/c' || (id >> 14), '/d' || (id >> 18)];
    words text := btrim(regexp_replace(body, '[\u0001-/:-@\[-`{-\u00bf\u2000-\U0003ffff]+', ' ', 'g'));
    signs text[];
BEGIN
    IF body ~ '[\u2e80-\U0003ffff]' THEN
        signs := string_to_array(regexp_replace(body,
            '[^\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U0001f300-\U0003ffff]+',
            ' ', 'g'), NULL);
        FOR at IN 1..cardinality(signs) - 1 LOOP
            IF signs[at] <> ' ' AND signs[at + 1] <> ' ' THEN
                terms := terms || (signs[at] || signs[at + 1]);
            END IF;
        END LOOP;
    END IF;
    IF words = '' THEN
        RETURN array_to_tsvector(terms);
    END IF;
    RETURN array_to_tsvector(terms) || strip(to_tsvector('pg_catalog.english', words));
END $$;
"""
TENANT = """
ALTER TABLE aftersales_passage ADD CONSTRAINT passage_of_case_and_its_merchant
    FOREIGN KEY (case_id, merchant_id) REFERENCES aftersales_case (id, merchant_id)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
# A move writes the subject of its case anew each time: the condition keeps the trigger asleep unless it differs.
TRIGGERS = """
CREATE FUNCTION desk_passage_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO aftersales_passage (case_id, merchant_id, is_note, text)
    VALUES (NEW.id, NEW.merchant_id, false, desk_folded(left(NEW.subject || E'\\n' || NEW.description, 6000)))
    ON CONFLICT (case_id) WHERE message_id IS NULL DO UPDATE SET text = excluded.text;
    RETURN NULL;
END $$;
CREATE FUNCTION desk_passage_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO aftersales_passage (case_id, merchant_id, message_id, is_note, text)
    SELECT c.id, c.merchant_id, NEW.id, NEW.is_note, desk_folded(left(NEW.body, 6000))
    FROM aftersales_case c WHERE c.id = NEW.case_id
    ON CONFLICT (message_id) DO UPDATE SET text = excluded.text, is_note = excluded.is_note,
        case_id = excluded.case_id, merchant_id = excluded.merchant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER case_passage_insert AFTER INSERT ON aftersales_case
    FOR EACH ROW EXECUTE FUNCTION desk_passage_of_case();
CREATE TRIGGER case_passage_update AFTER UPDATE OF subject, description ON aftersales_case FOR EACH ROW
    WHEN (OLD.subject <> NEW.subject OR OLD.description <> NEW.description) EXECUTE FUNCTION desk_passage_of_case();
CREATE TRIGGER message_passage_insert AFTER INSERT ON aftersales_message
    FOR EACH ROW EXECUTE FUNCTION desk_passage_of_message();
CREATE TRIGGER message_passage_update AFTER UPDATE OF body, is_note, case_id ON aftersales_message FOR EACH ROW
    WHEN (OLD.body <> NEW.body OR OLD.is_note <> NEW.is_note OR OLD.case_id <> NEW.case_id)
    EXECUTE FUNCTION desk_passage_of_message();
"""
NO_TRIGGERS = """
DROP TRIGGER message_passage_update ON aftersales_message; DROP TRIGGER message_passage_insert ON aftersales_message;
DROP TRIGGER case_passage_update ON aftersales_case; DROP TRIGGER case_passage_insert ON aftersales_case;
DROP FUNCTION desk_passage_of_message(); DROP FUNCTION desk_passage_of_case();
"""
# Cases in the order in which they were opened, so that what is newer has the larger number.
FILL = """
INSERT INTO aftersales_passage (case_id, merchant_id, message_id, is_note, text)
SELECT case_id, merchant_id, message_id, is_note, desk_folded(left(body, 6000)) FROM (
    SELECT id AS case_id, merchant_id, NULL::bigint AS message_id, false AS is_note,
        subject || E'\\n' || description AS body, 0 AS said
    FROM aftersales_case WHERE id >= %(first)s AND id < %(beyond)s
    UNION ALL
    SELECT c.id, c.merchant_id, m.id, m.is_note, m.body, m.id FROM aftersales_case c
    JOIN aftersales_message m ON m.case_id = c.id WHERE c.id >= %(first)s AND c.id < %(beyond)s
) AS texts ORDER BY case_id, said
ON CONFLICT DO NOTHING
"""
# The planner would otherwise work out the terms of thousands of sampled texts; that they are few is all it must know.
NOT_SAMPLED = "ALTER INDEX passage_terms ALTER COLUMN 1 SET STATISTICS 0"


def fill(apps, schema_editor):
    """Passages of what is there, batch by batch; broken off, it goes on where it is taken up again."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM aftersales_case")
        first, last = cursor.fetchone()
        for start in range(first or 0, (last or -1) + 1, BATCH):
            with transaction.atomic(using=connection.alias):
                cursor.execute(FILL, {"first": start, "beyond": start + BATCH})


class Migration(migrations.Migration):
    atomic = False  # the index is built beside what goes on; each batch is a transaction of its own

    dependencies = [
        ("aftersales", "0019_settings_of_people"),
        ("orders", "0005_names_and_skus"),
    ]

    operations = [
        migrations.RunSQL(TERMS, "DROP FUNCTION desk_terms(text, bigint, bigint);"),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_note", models.BooleanField(default=False, verbose_name="internal note")),
                ("text", models.TextField(verbose_name="text as it is compared")),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="aftersales.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.merchant",
                        verbose_name="merchant",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passage",
                        to="aftersales.message",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "verbose_name_plural": "passages",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(message__isnull=True), fields=("case",), name="passage_of_case_itself"
                    )
                ],
            },
        ),
        migrations.RunSQL(TENANT, "ALTER TABLE aftersales_passage DROP CONSTRAINT passage_of_case_and_its_merchant;"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "passage",
            django.contrib.postgres.indexes.GinIndex(
                Func(F("text"), F("merchant"), F("id"), function="desk_terms"), fastupdate=False, name="passage_terms"
            ),
        ),
        migrations.RunSQL(NOT_SAMPLED, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "event",
            models.Index(fields=["user", "-id"], name="event_newest_of_user", condition=Q(user__isnull=False)),
        ),
        migrations.AlterField(
            model_name="event",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(fields=["user", "-id"], name="message_newest_of_user", condition=Q(user__isnull=False)),
        ),
        migrations.AlterField(
            model_name="message",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
    ]
