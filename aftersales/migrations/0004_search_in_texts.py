"""Texts that search looks into, kept by triggers; see docs/adr/0017."""

import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models import F, Func

# Words by PostgreSQL's own English stems; whatever is written without blanks, emoji too, in pairs of signs. The
# ranges of numbers let a frequent word be asked for among the newest documents alone: GIN skips to where both lists meet.
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
ALTER TABLE aftersales_searchdocument ADD CONSTRAINT document_of_case_and_its_merchant
    FOREIGN KEY (case_id, merchant_id) REFERENCES aftersales_case (id, merchant_id)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
# A move writes the subject of its case anew each time: the condition keeps the trigger asleep unless it differs.
TRIGGERS = """
CREATE FUNCTION desk_document_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO aftersales_searchdocument (case_id, merchant_id, is_note, text)
    VALUES (NEW.id, NEW.merchant_id, false, desk_folded(left(NEW.subject || E'\\n' || NEW.description, 6000)))
    ON CONFLICT (case_id) WHERE message_id IS NULL DO UPDATE SET text = excluded.text;
    RETURN NULL;
END $$;
CREATE FUNCTION desk_document_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO aftersales_searchdocument (case_id, merchant_id, message_id, is_note, text)
    SELECT c.id, c.merchant_id, NEW.id, NEW.is_note, desk_folded(left(NEW.body, 6000))
    FROM aftersales_case c WHERE c.id = NEW.case_id
    ON CONFLICT (message_id) DO UPDATE SET text = excluded.text, is_note = excluded.is_note,
        case_id = excluded.case_id, merchant_id = excluded.merchant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER case_document_insert AFTER INSERT ON aftersales_case
    FOR EACH ROW EXECUTE FUNCTION desk_document_of_case();
CREATE TRIGGER case_document_update AFTER UPDATE OF subject, description ON aftersales_case FOR EACH ROW
    WHEN (OLD.subject <> NEW.subject OR OLD.description <> NEW.description) EXECUTE FUNCTION desk_document_of_case();
CREATE TRIGGER message_document_insert AFTER INSERT ON aftersales_message
    FOR EACH ROW EXECUTE FUNCTION desk_document_of_message();
CREATE TRIGGER message_document_update AFTER UPDATE OF body, is_note, case_id ON aftersales_message FOR EACH ROW
    WHEN (OLD.body <> NEW.body OR OLD.is_note <> NEW.is_note OR OLD.case_id <> NEW.case_id)
    EXECUTE FUNCTION desk_document_of_message();
"""
NO_TRIGGERS = """
DROP TRIGGER message_document_update ON aftersales_message; DROP TRIGGER message_document_insert ON aftersales_message;
DROP TRIGGER case_document_update ON aftersales_case; DROP TRIGGER case_document_insert ON aftersales_case;
DROP FUNCTION desk_document_of_message(); DROP FUNCTION desk_document_of_case();
"""
# The planner would otherwise work out the terms of thousands of sampled texts; that they are few is all it must know.
NOT_SAMPLED = "ALTER INDEX document_terms ALTER COLUMN 1 SET STATISTICS 0"


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0003_open_cases_counted"), ("orders", "0003_names_of_people")]

    operations = [
        migrations.RunSQL(TERMS, "DROP FUNCTION desk_terms(text, bigint, bigint);"),
        migrations.RunSQL(TENANT, "ALTER TABLE aftersales_searchdocument DROP CONSTRAINT document_of_case_and_its_merchant;"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.AddIndex(
            "searchdocument",
            django.contrib.postgres.indexes.GinIndex(
                Func(F("text"), F("merchant"), F("id"), function="desk_terms"), fastupdate=False, name="document_terms"
            ),
        ),
        migrations.RunSQL(NOT_SAMPLED, migrations.RunSQL.noop),
    ]
